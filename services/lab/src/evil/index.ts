import alertStorm from './alert-storm.ts';
import bannerWithoutEnd from './banner-without-end.ts';
import bodyWithoutEnd from './body-without-end.ts';
import chunkExtensionWithoutEnd from './chunk-extension-without-end.ts';
import deepJson from './deep-json.ts';
import type { Evil } from './define-evil.ts';
import drippedAnswer from './dripped-answer.ts';
import drippedHandshake from './dripped-handshake.ts';
import falseContentLength from './false-content-length.ts';
import gzipBomb from './gzip-bomb.ts';
import headerFlood from './header-flood.ts';
import headerWithoutEnd from './header-without-end.ts';
import hostileText from './hostile-text.ts';
import hugeContentLength from './huge-content-length.ts';
import informationalFlood from './informational-flood.ts';
import keyParserAbort from './key-parser-abort.ts';
import longChain from './long-chain.ts';
import manyNames from './many-names.ts';
import messageWithoutEnd from './message-without-end.ts';
import neverCloses from './never-closes.ts';
import noise from './noise.ts';
import oneByteRecords from './one-byte-records.ts';
import oversizedRecord from './oversized-record.ts';
import pageWithoutEnd from './page-without-end.ts';
import prototypeJson from './prototype-json.ts';
import redirect from './redirect.ts';
import renegotiation from './renegotiation.ts';
import reset from './reset.ts';
import silentAccept from './silent-accept.ts';

/** Every hostile host that the lab can play. */
export const EVILS: readonly Evil[] = [
  alertStorm,
  bannerWithoutEnd,
  bodyWithoutEnd,
  chunkExtensionWithoutEnd,
  deepJson,
  drippedAnswer,
  drippedHandshake,
  falseContentLength,
  gzipBomb,
  headerFlood,
  headerWithoutEnd,
  hostileText,
  hugeContentLength,
  informationalFlood,
  keyParserAbort,
  longChain,
  manyNames,
  messageWithoutEnd,
  neverCloses,
  noise,
  oneByteRecords,
  oversizedRecord,
  pageWithoutEnd,
  prototypeJson,
  redirect,
  renegotiation,
  reset,
  silentAccept,
];

export function evilKind(name: string): Evil {
  const evil = EVILS.find((entry) => entry.name === name);
  if (evil === undefined) throw new RangeError(`the lab knows no hostile host ${name}`);
  return evil;
}
