import { type DerCursor, TAG } from './der-cursor.ts';
import { X509Error } from './x509-error.ts';

const SHAPE = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:[.,]\d{1,9})?(Z|[+-]\d{4})?$/;

/** The current element as a UTCTime or GeneralizedTime (RFC 5280 section 4.1.2.5); offsets of BER are taken too. */
export function readTime(cursor: DerCursor): Date {
  if (cursor.tag !== TAG.utcTime && cursor.tag !== TAG.generalizedTime) {
    throw new X509Error('X509_UNEXPECTED', `time at byte ${cursor.start} has tag 0x${cursor.tag.toString(16)}`);
  }
  const usual = readUsualTime(cursor);
  if (usual !== undefined) return usual;
  const text = cursor.length <= 32 ? cursor.latin1() : '';
  const parts = SHAPE.exec(text);
  const year = parts?.[1];
  if (parts === null || year === undefined || (year.length === 2) !== (cursor.tag === TAG.utcTime)) {
    throw new X509Error('X509_BAD_VALUE', `no time at byte ${cursor.start}`);
  }
  const number = (index: number): number => Number(parts[index] ?? 0);
  // RFC 5280: a two-digit year from 50 on belongs to the twentieth century.
  const fullYear = year.length === 4 ? Number(year) : Number(year) + (Number(year) >= 50 ? 1900 : 2000);
  const [month, day, hour, minute, second] = [number(2), number(3), number(4), number(5), number(6)];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) {
    throw new X509Error('X509_BAD_VALUE', `time ${text} at byte ${cursor.start}`);
  }
  const zone = parts[7] ?? 'Z';
  const offsetMinutes = zone === 'Z' ? 0 : Number(zone.slice(0, 3)) * 60 + Number(`${zone[0]}${zone.slice(3)}`);
  const time = new Date(0);
  time.setUTCFullYear(fullYear, month - 1, day);
  time.setUTCHours(hour, minute - offsetMinutes, second);
  return time;
}

/** What RFC 5280 demands and nearly all certificates carry: digits down to the second, and `Z`. */
function readUsualTime({ bytes, contentStart, contentEnd, tag }: DerCursor): Date | undefined {
  const at = contentEnd - 11;
  if (at - contentStart !== (tag === TAG.utcTime ? 2 : 4) || bytes[contentEnd - 1] !== 0x5a) return undefined;
  const shortYear = twoDigits(bytes, at - 2);
  const year =
    tag === TAG.utcTime ? shortYear + (shortYear >= 50 ? 1900 : 2000) : 100 * twoDigits(bytes, at - 4) + shortYear;
  const [month, day] = [twoDigits(bytes, at), twoDigits(bytes, at + 2)];
  const [hour, minute, second] = [twoDigits(bytes, at + 4), twoDigits(bytes, at + 6), twoDigits(bytes, at + 8)];
  const isUsual =
    year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60;
  return isUsual ? new Date(Date.UTC(year, month - 1, day, hour, minute, second)) : undefined;
}

/** NaN unless both octets are digits. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = (bytes[at] as number) - 0x30;
  const ones = (bytes[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
}
