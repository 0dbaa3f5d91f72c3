import { DerCursor, TAG } from './der-cursor.ts';
import { type DistinguishedName, readNameAt } from './distinguished-name.ts';

/**
 * Only issuer and subject of a DER certificate, in about two microseconds.
 *
 * @throws X509Error
 */
export function readNames(der: Buffer): { issuer: DistinguishedName; subject: DistinguishedName } {
  const tbs = DerCursor.over(der)
    .expect(TAG.sequence, 'certificate')
    .enter()
    .expect(TAG.sequence, 'TBSCertificate')
    .enter();
  if (tbs.peekTag() === 0xa0) tbs.next();
  tbs.expect(TAG.integer, 'serial number');
  tbs.expect(TAG.sequence, 'signature algorithm');
  const issuer = readNameAt(tbs.expect(TAG.sequence, 'issuer'));
  tbs.expect(TAG.sequence, 'validity');
  return { issuer, subject: readNameAt(tbs.expect(TAG.sequence, 'subject')) };
}
