import { createHash } from 'node:crypto';
import type { Manifest } from '@kubecensus/shared/history';
import type { Viewer } from '../access/viewer.ts';

/** An answer changes with the publication, the question and what the asker may see, and with nothing else. */
export function toEntityTag({ seriesId, revision, publishedAt }: Manifest, url: string, viewer: Viewer): string {
  return toTag(JSON.stringify([seriesId, revision, publishedAt, url, viewer.role, viewer.ranges]));
}

/** Weak: what compresses or reorders an answer does not make another one of it. */
export function toTag(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** If-None-Match as RFC 9110, section 13.1.2, compares it: weakly, and `*` is every answer that there is. */
export function isKnownTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = toOpaque(tag);
  return ifNoneMatch.split(',').some((one) => toOpaque(one.trim()) === opaque);
}

function toOpaque(tag: string): string {
  return tag.replace(/^W\//, '');
}
