import { createECDH, createHash, createHmac, createPrivateKey, createPublicKey } from 'node:crypto';
import forge from 'node-forge';
import type { Random } from '../random.ts';
import type { LabKey } from './lab-key.ts';
import { inverse } from './rsa-key.ts';

/** Order of P-256's base point (SEC 2, section 2.4.2). */
const ORDER = 0xffffffff_00000000_ffffffff_ffffffff_bce6faad_a7179e84_f3b9cac2_fc632551n;

function toScalar(bytes: Buffer): bigint {
  return (BigInt(`0x${bytes.toString('hex')}`) % (ORDER - 1n)) + 1n;
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

/** The scalar's multiple of the base point, as x and y. */
function multiply(scalar: bigint): { x: Buffer; y: Buffer } {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(toBytes(scalar));
  const point = curve.getPublicKey();
  return { x: point.subarray(1, 33), y: point.subarray(33, 65) };
}

function unsigned(value: bigint): forge.asn1.Asn1 {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex').toString('binary');
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.INTEGER, false, bytes);
}

/** A P-256 key. Its ECDSA nonce comes from key and message, as in RFC 6979, because node:crypto signs with a fresh one each time. */
export function createEcKey(random: Random): LabKey {
  const secret = toScalar(random.bytes(32));
  const { x, y } = multiply(secret);
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: x.toString('base64url'),
      y: y.toString('base64url'),
      d: toBytes(secret).toString('base64url'),
    },
  });

  function sign(data: Buffer): Buffer {
    const digest = createHash('sha256').update(data).digest();
    const nonce = toScalar(createHmac('sha256', toBytes(secret)).update(digest).digest());
    const r = BigInt(`0x${multiply(nonce).x.toString('hex')}`) % ORDER;
    const s = (inverse(nonce, ORDER) * (BigInt(`0x${digest.toString('hex')}`) + r * secret)) % ORDER;
    const pair = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.SEQUENCE, true, [
      unsigned(r),
      unsigned(s),
    ]);
    return Buffer.from(forge.asn1.toDer(pair).getBytes(), 'binary');
  }

  return {
    type: 'ec',
    privatePem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicDer: createPublicKey(key).export({ type: 'spki', format: 'der' }),
    signatureAlgorithm: 'ecdsa-sha256',
    sign,
  };
}
