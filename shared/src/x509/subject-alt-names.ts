import { cleanText } from '../text/clean-text.ts';
import { DerCursor as Cursor, type DerCursor, TAG } from './der-cursor.ts';

/** Names kept of one certificate; all are counted. */
export const MAX_ALT_NAMES = 500;
const MAX_NAME_LENGTH = 512;

/** Subject alternative names (RFC 5280 section 4.2.1.6), each list in the certificate's order, cleaned. */
export interface SubjectAltNames {
  dns: string[];
  /** Text form; `#` and hex where the octets are no address (neither 4 nor 16). */
  ip: string[];
  uri: string[];
  email: string[];
  /** Names in the certificate, of every kind, kept or not. */
  total: number;
}

const EXTENSIONS_TAG = 0xa3;
const SUBJECT_ALT_NAME = Buffer.from('551d11', 'hex');

/**
 * Only the alternative names of a DER certificate: nothing else is decoded, so it costs a few
 * microseconds. A certificate without the extension has none.
 *
 * @throws X509Error
 */
export function readSubjectAltNames(der: Buffer): SubjectAltNames {
  const tbs = Cursor.over(der)
    .expect(TAG.sequence, 'certificate')
    .enter()
    .expect(TAG.sequence, 'TBSCertificate')
    .enter();
  while (tbs.hasMore) {
    if (tbs.next().tag !== EXTENSIONS_TAG) continue;
    const extensions = tbs.enter().expect(TAG.sequence, 'extensions').enter();
    while (extensions.hasMore) {
      const extension = extensions
        .expect(TAG.sequence, 'extension')
        .enter()
        .expect(TAG.objectIdentifier, 'extension type');
      if (
        extension.length !== 3 ||
        der.compare(SUBJECT_ALT_NAME, 0, 3, extension.contentStart, extension.contentEnd) !== 0
      )
        continue;
      if (extension.next().tag === TAG.boolean) extension.next();
      return readAltNamesAt(extension.enter());
    }
  }
  return { dns: [], ip: [], uri: [], email: [], total: 0 };
}

/** Reads the GeneralNames that the cursor is about to reach. */
export function readAltNamesAt(cursor: DerCursor): SubjectAltNames {
  const names: SubjectAltNames = { dns: [], ip: [], uri: [], email: [], total: 0 };
  const listEnd = cursor.expect(TAG.sequence, 'subject alternative names').descend();
  while (cursor.hasMore) {
    cursor.next();
    if (++names.total > MAX_ALT_NAMES) continue;
    switch (cursor.tag) {
      case 0x82:
        names.dns.push(nameText(cursor));
        break;
      case 0x87:
        names.ip.push(addressText(cursor));
        break;
      case 0x86:
        names.uri.push(nameText(cursor));
        break;
      case 0x81:
        names.email.push(nameText(cursor));
        break;
    }
  }
  cursor.ascend(listEnd);
  return names;
}

function nameText(cursor: DerCursor): string {
  const end = Math.min(cursor.contentEnd, cursor.contentStart + MAX_NAME_LENGTH + 1);
  return cleanText(cursor.latin1(cursor.contentStart, end), MAX_NAME_LENGTH);
}

function addressText(cursor: DerCursor): string {
  const { bytes, contentStart: at, length } = cursor;
  if (length === 4) return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
  if (length !== 16) return `#${bytes.toString('hex', at, Math.min(cursor.contentEnd, at + 64))}`;
  const groups: string[] = [];
  for (let index = 0; index < 16; index += 2) groups.push(bytes.readUInt16BE(at + index).toString(16));
  return compressZeros(groups);
}

/** RFC 5952: the longest run of two or more zero groups, the first of equals, becomes `::`. */
function compressZeros(groups: readonly string[]): string {
  let best = 0;
  let bestLength = 1;
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > bestLength) {
      best = start;
      bestLength = length;
    }
  }
  if (bestLength < 2) return groups.join(':');
  return `${groups.slice(0, best).join(':')}::${groups.slice(best + bestLength).join(':')}`;
}
