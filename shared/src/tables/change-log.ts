import { TableError } from '../kubernetes/index.ts';
import type { OfficialRow } from './kubernetes-tables.ts';

/** A downloaded file, and what was said of it. */
export interface OfficialFile {
  readonly name: string;
  readonly text: string;
  /** Of endoflife.date, where the file does not say. */
  readonly product?: string | undefined;
}

/**
 * Upstream's change log of one minor: a heading for each version, the newest first, and in some of them "built with Go
 * 1.N.P" in one of several wordings. A version without a word of it was built as the one before.
 */
export function readChangeLog(table: string, { text }: OfficialFile): OfficialRow[] | undefined {
  const lines = text.split(/\r?\n/);
  const versions = lines.flatMap((line, at) => {
    const [, minor, patch] = /^# v(1\.\d{1,3})\.(\d{1,3})(?:-[a-z]+\.\d+)?\s*$/.exec(line) ?? [];
    return minor === undefined || patch === undefined
      ? []
      : [{ at, minor, patch: Number(patch), isFinal: !line.includes('-') }];
  });
  const [newest] = versions;
  if (newest === undefined) return undefined;
  const { minor } = newest;
  const other = versions.find((version) => version.minor !== minor);
  if (other !== undefined)
    throw new TableError(table, other.at + 1, `is of ${other.minor} in a change log of ${minor}`);
  if (!versions.some(({ patch, isFinal }) => patch === 0 && isFinal)) {
    throw new TableError(
      table,
      lines.length,
      `has no heading of v${minor}.0: the file is cut off, or the minor is not out`,
    );
  }
  let firstGo: string | undefined;
  let lastGo: string | undefined;
  let line = newest.at + 1;
  for (const [nth, { at, isFinal }] of [...versions.entries()].reverse()) {
    const told = findGo(lines.slice(at, versions[nth + 1]?.at));
    if (told !== undefined) {
      lastGo = told.go;
      line = at + told.offset + 1;
    }
    if (isFinal) firstGo ??= lastGo;
  }
  if (firstGo === undefined || lastGo === undefined) {
    throw new TableError(table, lines.length, 'says of no version which Go built it');
  }
  return [{ line, fields: { minor, first_go: firstGo, last_go: lastGo } }];
}

const BUILT_WITH = /\bbuilt (?:with|using|on) (?:go|golang)(?: version)? ?[`*]?v?(1\.\d{1,3})\b/i;

function findGo(lines: readonly string[]): { go: string; offset: number } | undefined {
  for (const [offset, line] of lines.entries()) {
    const go = BUILT_WITH.exec(line)?.[1];
    if (go !== undefined) return { go, offset };
  }
  return undefined;
}
