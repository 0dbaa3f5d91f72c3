import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toHtml } from './render/html.ts';
import { toMarkdown } from './render/markdown.ts';
import type { WeeklyReport } from './reports/weekly-report.ts';

/** The report in each of its forms, as files named for series and day; returns their paths. The same week is written over. */
export async function writeWeekly(report: WeeklyReport, directory: string): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const name = `weekly-${report.of.seriesId}-${report.of.asOf.slice(0, 10)}`;
  const forms = {
    md: toMarkdown(report),
    json: `${JSON.stringify(report, null, 2)}\n`,
    html: toHtml(report),
  };
  const files: string[] = [];
  for (const [ending, text] of Object.entries(forms)) {
    const file = path.join(directory, `${name}.${ending}`);
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
    files.push(file);
  }
  return files;
}
