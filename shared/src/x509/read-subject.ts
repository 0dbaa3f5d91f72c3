import { DerCursor, TAG } from './der-cursor.ts';
import { type DistinguishedName, readNameAt } from './distinguished-name.ts';

/**
 * Only the subject of a DER certificate, in about a microsecond.
 *
 * @throws X509Error
 */
export function readSubject(der: Buffer): DistinguishedName {
  const tbs = DerCursor.over(der)
    .expect(TAG.sequence, 'certificate')
    .enter()
    .expect(TAG.sequence, 'TBSCertificate')
    .enter();
  if (tbs.peekTag() === 0xa0) tbs.next();
  tbs.expect(TAG.integer, 'serial number');
  tbs.expect(TAG.sequence, 'signature algorithm');
  tbs.expect(TAG.sequence, 'issuer');
  tbs.expect(TAG.sequence, 'validity');
  return readNameAt(tbs.expect(TAG.sequence, 'subject'));
}
