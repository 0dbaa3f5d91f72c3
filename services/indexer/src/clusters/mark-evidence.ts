import type { Queryable } from '@kubecensus/shared/database';
import { MARKS_VERSION, toMarks } from './marks.ts';
import {
  hasOtherMarks,
  insertUnmarked,
  insertUnmarkedMoved,
  selectUnmarkedEvidence,
  upsertMarks,
} from './store/mark-evidence.ts';

/** Evidence read and marked at once. */
const PAGE = 5000;

/** Reads the marks of all evidence that has none of this version. Gives how many pieces it read. */
export async function markEvidence(client: Queryable, page = PAGE): Promise<number> {
  await insertUnmarked(client, MARKS_VERSION);
  return await markUnmarked(client, page);
}

/** The same of what a census shows for the first time, by `moved`; of all evidence, where some has older marks. */
export async function markMoved(client: Queryable): Promise<number> {
  if (await hasOtherMarks(client, MARKS_VERSION)) return await markEvidence(client);
  await insertUnmarkedMoved(client);
  return await markUnmarked(client, PAGE);
}

async function markUnmarked(client: Queryable, page: number): Promise<number> {
  let marked = 0;
  for (let after = 0; ; ) {
    const unmarked = await selectUnmarkedEvidence(client, after, page);
    const last = unmarked.at(-1);
    if (last === undefined) return marked;
    const marks = unmarked.map(({ evidenceId, ...evidence }) => ({ evidenceId, marks: toMarks(evidence) }));
    await upsertMarks(client, MARKS_VERSION, marks);
    marked += unmarked.length;
    after = last.evidenceId;
  }
}
