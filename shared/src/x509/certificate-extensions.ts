import { cleanText } from '../text/clean-text.ts';
import { type DerCursor, TAG } from './der-cursor.ts';
import { EXTENDED_KEY_USAGES, KEY_USAGES } from './object-identifiers.ts';
import { readAltNamesAt, type SubjectAltNames } from './subject-alt-names.ts';
import { X509Error } from './x509-error.ts';

/** Extensions listed of one certificate, and purposes of one extended key usage. */
export const MAX_EXTENSIONS = 64;

export interface CertificateExtensions {
  sans: SubjectAltNames;
  isCa: boolean;
  hasBasicConstraints: boolean;
  keyUsage: string[];
  extendedKeyUsage: string[];
  authorityKeyIdHex?: string;
  subjectKeyIdHex?: string;
  netscapeComment?: string;
  /** Dotted identifiers in the certificate's order. */
  extensionIds: string[];
}

export function noExtensions(): CertificateExtensions {
  return {
    sans: { dns: [], ip: [], uri: [], email: [], total: 0 },
    isCa: false,
    hasBasicConstraints: false,
    keyUsage: [],
    extendedKeyUsage: [],
    extensionIds: [],
  };
}

/** Reads the Extensions that the cursor is about to reach (RFC 5280 section 4.2). */
export function readExtensionsAt(cursor: DerCursor): CertificateExtensions {
  const found = noExtensions();
  const listEnd = cursor.expect(TAG.sequence, 'extensions').descend();
  while (cursor.hasMore) {
    const extensionEnd = cursor.expect(TAG.sequence, 'extension').descend();
    const id = cursor.expect(TAG.objectIdentifier, 'extension type').objectIdentifier();
    if (found.extensionIds.length < MAX_EXTENSIONS) found.extensionIds.push(id);
    if (cursor.next().tag === TAG.boolean) cursor.next();
    if (cursor.tag !== TAG.octetString) {
      throw new X509Error('X509_UNEXPECTED', `value of extension ${id} has tag 0x${cursor.tag.toString(16)}`);
    }
    const valueEnd = cursor.descend();
    readExtension(id, cursor, found);
    cursor.ascend(valueEnd);
    cursor.ascend(extensionEnd);
  }
  cursor.ascend(listEnd);
  return found;
}

function readExtension(id: string, value: DerCursor, found: CertificateExtensions): void {
  switch (id) {
    case '2.5.29.17':
      found.sans = readAltNamesAt(value);
      break;
    case '2.5.29.19': {
      const constraintsEnd = value.expect(TAG.sequence, 'basic constraints').descend();
      found.hasBasicConstraints = true;
      found.isCa =
        value.peekTag() === TAG.boolean && value.next().length === 1 && value.bytes[value.contentStart] !== 0;
      value.ascend(constraintsEnd);
      break;
    }
    case '2.5.29.15':
      found.keyUsage = keyUsages(value.expect(TAG.bitString, 'key usage').content());
      break;
    case '2.5.29.37': {
      const purposesEnd = value.expect(TAG.sequence, 'extended key usage').descend();
      while (value.hasMore && found.extendedKeyUsage.length < MAX_EXTENSIONS) {
        const purpose = value.expect(TAG.objectIdentifier, 'key purpose').objectIdentifier();
        found.extendedKeyUsage.push(EXTENDED_KEY_USAGES.get(purpose) ?? purpose);
      }
      value.ascend(purposesEnd);
      break;
    }
    case '2.5.29.14':
      found.subjectKeyIdHex = shortHex(value.expect(TAG.octetString, 'subject key identifier'));
      break;
    case '2.5.29.35': {
      const authorityEnd = value.expect(TAG.sequence, 'authority key identifier').descend();
      if (value.peekTag() === 0x80) found.authorityKeyIdHex = shortHex(value.next());
      value.ascend(authorityEnd);
      break;
    }
    case '2.16.840.1.113730.1.13':
      found.netscapeComment = cleanText(value.expect(TAG.ia5String, 'Netscape comment').latin1(), 512);
      break;
  }
}

function keyUsages(bits: Buffer): string[] {
  const usages: string[] = [];
  const flags = ((bits[1] ?? 0) << 8) | (bits[2] ?? 0);
  for (let index = 0; index < KEY_USAGES.length; index++) {
    if ((flags & (0x8000 >> index)) !== 0) usages.push(KEY_USAGES[index] as string);
  }
  return usages;
}

/** Key identifiers are 20 octets as a rule; a longer one is cut at 64. */
function shortHex(cursor: DerCursor): string {
  return cursor.bytes.toString('hex', cursor.contentStart, Math.min(cursor.contentEnd, cursor.contentStart + 64));
}
