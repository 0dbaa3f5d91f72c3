import type { ServerFlight } from './first-flight.ts';
import { GROUP } from './tls-constants.ts';
import { WireError } from './wire-error.ts';

/**
 * Our ECDHE share is the curve's base point, that is the private key 1: the shared secret is then
 * the server's own public share, with no curve arithmetic. Confidentiality is given up on purpose;
 * this path carries a request for a public page and never a credential.
 */
const BASE_POINTS: ReadonlyMap<number, Buffer> = new Map([
  [GROUP.x25519, Buffer.from(`09${'00'.repeat(31)}`, 'hex')],
  [
    GROUP.p256,
    Buffer.from(
      '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
        '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
      'hex',
    ),
  ],
  [
    GROUP.p384,
    Buffer.from(
      '04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7' +
        '3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f',
      'hex',
    ),
  ],
]);

export interface SharedPoint {
  /** Our public share, as it travels. */
  clientShare: Buffer;
  /** The x-coordinate (RFC 8422 section 5.10), or the whole share for X25519. */
  premasterSecret: Buffer;
}

/** The shared secret of a flight with an ECDHE share; undefined for a curve that was not offered. @throws WireError */
export function toSharedPoint(flight: ServerFlight): SharedPoint | undefined {
  const share = flight.serverShare;
  const clientShare = share && BASE_POINTS.get(share.curve);
  if (share === undefined || clientShare === undefined) return undefined;
  const point = flight.bytes.subarray(share.point.start, share.point.end);
  if (point.length !== clientShare.length || (share.curve !== GROUP.x25519 && point[0] !== 4)) {
    throw new WireError('WIRE_MALFORMED', `a share of ${point.length} bytes on curve ${share.curve}`);
  }
  if (share.curve === GROUP.x25519) {
    // RFC 7748 section 5: the top bit of a u-coordinate is ignored.
    const premasterSecret = Buffer.from(point);
    premasterSecret[31] = (premasterSecret[31] as number) & 0x7f;
    return { clientShare, premasterSecret };
  }
  return { clientShare, premasterSecret: Buffer.from(point.subarray(1, 1 + (point.length - 1) / 2)) };
}
