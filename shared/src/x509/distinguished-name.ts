import { cleanText } from '../text/clean-text.ts';
import { DerCursor as Cursor, type DerCursor, TAG } from './der-cursor.ts';
import { X509Error } from './x509-error.ts';

export interface NameAttribute {
  /** Short name (`CN`, `O`, ...) where one is usual, else the dotted object identifier. */
  type: string;
  /** Cleaned text; `#` and hex for a value that is no string type. */
  value: string;
}

/** An X.501 distinguished name. */
export interface DistinguishedName {
  /**
   * `C=GB, O=Canonical, CN=127.0.0.1`: attributes in the order of the certificate (the order in which
   * openssl prints them; RFC 4514 reverses it), escaped as RFC 4514 section 2.4 says, `+` within a
   * multi-valued RDN. Cleaned.
   */
  text: string;
  /** In the order of the certificate; at most `MAX_NAME_ATTRIBUTES`. */
  attributes: NameAttribute[];
}

/** Attributes kept of one name; real names have fewer than ten. */
export const MAX_NAME_ATTRIBUTES = 50;
const MAX_VALUE_LENGTH = 512;
const ASCII = /^[\x00-\x7f]*$/;

const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'street'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
]);

/** Reads a DER `Name` (RFC 5280 section 4.1.2.4). @throws X509Error */
export function readName(der: Buffer): DistinguishedName {
  return readNameAt(Cursor.over(der).expect(TAG.sequence, 'name'));
}

/** Reads the name that is the cursor's current element. */
export function readNameAt(cursor: DerCursor): DistinguishedName {
  const attributes: NameAttribute[] = [];
  let text = '';
  const nameEnd = cursor.descend();
  while (cursor.hasMore && attributes.length < MAX_NAME_ATTRIBUTES) {
    const rdnEnd = cursor.expect(TAG.set, 'relative distinguished name').descend();
    let separator = text === '' ? '' : ', ';
    while (cursor.hasMore && attributes.length < MAX_NAME_ATTRIBUTES) {
      const pairEnd = cursor.expect(TAG.sequence, 'name attribute').descend();
      const identifier = cursor.expect(TAG.objectIdentifier, 'name attribute type').objectIdentifier();
      const type = SHORT_NAMES.get(identifier) ?? identifier;
      const value = readDirectoryString(cursor.next());
      attributes.push({ type, value });
      text += `${separator}${type}=${escapeValue(value)}`;
      separator = '+';
      cursor.ascend(pairEnd);
    }
    cursor.ascend(rdnEnd);
  }
  cursor.ascend(nameEnd);
  return { text, attributes };
}

/** First value of an attribute type, in the name's order. */
export function attributeOf(name: DistinguishedName, type: string): string | undefined {
  return name.attributes.find((attribute) => attribute.type === type)?.value;
}

function readDirectoryString(cursor: DerCursor): string {
  const start = cursor.contentStart;
  // Four octets make at most one character, so this reads enough of a hostile value and no more.
  const end = Math.min(cursor.contentEnd, start + 4 * MAX_VALUE_LENGTH);
  const { bytes } = cursor;
  switch (cursor.tag) {
    case TAG.utf8String: {
      const text = cursor.latin1(start, end);
      return cleanText(ASCII.test(text) ? text : bytes.toString('utf8', start, end), MAX_VALUE_LENGTH);
    }
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.teletexString:
    case TAG.numericString:
    case TAG.visibleString:
      return cleanText(cursor.latin1(start, end), MAX_VALUE_LENGTH);
    case TAG.bmpString:
      if (cursor.length % 2 !== 0) throw new X509Error('X509_BAD_VALUE', `BMPString of ${cursor.length} octets`);
      return cleanText(Buffer.from(bytes.subarray(start, end)).swap16().toString('utf16le'), MAX_VALUE_LENGTH);
    case TAG.universalString: {
      if (cursor.length % 4 !== 0) throw new X509Error('X509_BAD_VALUE', `UniversalString of ${cursor.length} octets`);
      let text = '';
      for (let at = start; at < end; at += 4) {
        const codePoint = bytes.readUInt32BE(at);
        text += codePoint > 0x10ffff ? '\ufffd' : String.fromCodePoint(codePoint);
      }
      return cleanText(text, MAX_VALUE_LENGTH);
    }
    default:
      return cleanText(`#${bytes.toString('hex', cursor.start, end)}`, MAX_VALUE_LENGTH);
  }
}

function escapeValue(value: string): string {
  if (/^[\w.@:/*-]+$/.test(value)) return value;
  return value.replace(/[\\,+"<>;=]/g, '\\$&').replace(/^[# ]| $/g, '\\$&');
}
