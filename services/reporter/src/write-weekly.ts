import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectories } from '@kubecensus/shared/files';
import type { PublishedCensusHeader } from '@kubecensus/shared/history';
import { toHtml } from './render/html.ts';
import { toMarkdown } from './render/markdown.ts';
import type { WeeklyReport } from './reports/weekly-report.ts';

/** Each form of a report is named for its series, its day and its form. */
export function toWeeklyFile(directory: string, of: PublishedCensusHeader, form: 'md' | 'json' | 'html'): string {
  return path.join(directory, `weekly-${of.seriesId}-${of.asOf.slice(0, 10)}.${form}`);
}

/** The report in each of its forms, as files; returns their paths. The same week is written over, each file as a whole. */
export async function writeWeekly(report: WeeklyReport, directory: string): Promise<string[]> {
  await makeDirectories(directory);
  const forms = {
    md: toMarkdown(report),
    json: `${JSON.stringify(report, null, 2)}\n`,
    html: toHtml(report),
  };
  const files: string[] = [];
  for (const [form, text] of Object.entries(forms)) {
    const file = toWeeklyFile(directory, report.of, form as keyof typeof forms);
    // Two may write the same week at once, the schedule and a person.
    const beside = `${file}.${randomUUID()}.new`;
    try {
      await writeFile(beside, text);
      await rename(beside, file);
    } finally {
      await rm(beside, { force: true });
    }
    files.push(file);
  }
  return files;
}
