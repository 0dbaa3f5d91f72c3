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
  const list = cursor.expect(TAG.sequence, 'extensions').enter();
  while (list.hasMore) {
    const extension = list.expect(TAG.sequence, 'extension').enter();
    const id = extension.expect(TAG.objectIdentifier, 'extension type').objectIdentifier();
    if (found.extensionIds.length < MAX_EXTENSIONS) found.extensionIds.push(id);
    if (extension.next().tag === TAG.boolean) extension.next();
    if (extension.tag !== TAG.octetString) {
      throw new X509Error('X509_UNEXPECTED', `value of extension ${id} has tag 0x${extension.tag.toString(16)}`);
    }
    readExtension(id, extension.enter(), found);
  }
  return found;
}

function readExtension(id: string, value: DerCursor, found: CertificateExtensions): void {
  switch (id) {
    case '2.5.29.17':
      found.sans = readAltNamesAt(value);
      break;
    case '2.5.29.19': {
      const constraints = value.expect(TAG.sequence, 'basic constraints').enter();
      found.hasBasicConstraints = true;
      found.isCa =
        constraints.peekTag() === TAG.boolean && constraints.next().length === 1 && constraints.content()[0] !== 0;
      break;
    }
    case '2.5.29.15':
      found.keyUsage = keyUsages(value.expect(TAG.bitString, 'key usage').content());
      break;
    case '2.5.29.37': {
      const purposes = value.expect(TAG.sequence, 'extended key usage').enter();
      while (purposes.hasMore && found.extendedKeyUsage.length < MAX_EXTENSIONS) {
        const purpose = purposes.expect(TAG.objectIdentifier, 'key purpose').objectIdentifier();
        found.extendedKeyUsage.push(EXTENDED_KEY_USAGES.get(purpose) ?? purpose);
      }
      break;
    }
    case '2.5.29.14':
      found.subjectKeyIdHex = shortHex(value.expect(TAG.octetString, 'subject key identifier'));
      break;
    case '2.5.29.35': {
      const authority = value.expect(TAG.sequence, 'authority key identifier').enter();
      if (authority.peekTag() === 0x80) found.authorityKeyIdHex = shortHex(authority.next());
      break;
    }
    case '2.16.840.1.113730.1.13':
      found.netscapeComment = cleanText(value.expect(TAG.ia5String, 'Netscape comment').latin1(), 512);
      break;
  }
}

function keyUsages(bits: Buffer): string[] {
  return KEY_USAGES.filter((_, index) => ((bits[1 + (index >> 3)] ?? 0) & (0x80 >> (index & 7))) !== 0);
}

/** Key identifiers are 20 octets as a rule; a longer one is cut at 64. */
function shortHex(cursor: DerCursor): string {
  return cursor.bytes.toString('hex', cursor.contentStart, Math.min(cursor.contentEnd, cursor.contentStart + 64));
}
