import { createHash, createHmac } from 'node:crypto';

/** The pseudorandom function of TLS 1.2 with SHA-256 (RFC 5246 section 5). */
function expand(secret: Buffer, label: string, seed: Buffer, length: number): Buffer {
  const labelled = Buffer.concat([Buffer.from(label, 'ascii'), seed]);
  const hmac = (data: Buffer): Buffer => createHmac('sha256', secret).update(data).digest();
  let chained = hmac(labelled);
  const parts: Buffer[] = [];
  for (let made = 0; made < length; made += 32) {
    parts.push(hmac(Buffer.concat([chained, labelled])));
    chained = hmac(chained);
  }
  return Buffer.concat(parts).subarray(0, length);
}

export interface SessionKeys {
  clientKey: Buffer;
  serverKey: Buffer;
  /** Four bytes each: the part of the nonce that is not sent. */
  clientSalt: Buffer;
  serverSalt: Buffer;
  master: Buffer;
}

/** Keys for AES-128-GCM (RFC 5246 section 6.3; RFC 7627 where the extended master secret was agreed). */
export function deriveKeys(options: {
  shared: Buffer;
  clientRandom: Buffer;
  serverRandom: Buffer;
  /** Hash of the handshake up to ClientKeyExchange; null without the extended master secret. */
  sessionHash: Buffer | null;
}): SessionKeys {
  const { shared, clientRandom, serverRandom, sessionHash } = options;
  const master =
    sessionHash === null
      ? expand(shared, 'master secret', Buffer.concat([clientRandom, serverRandom]), 48)
      : expand(shared, 'extended master secret', sessionHash, 48);
  const block = expand(master, 'key expansion', Buffer.concat([serverRandom, clientRandom]), 40);
  return {
    clientKey: block.subarray(0, 16),
    serverKey: block.subarray(16, 32),
    clientSalt: block.subarray(32, 36),
    serverSalt: block.subarray(36, 40),
    master,
  };
}

export function hashOf(messages: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const message of messages) hash.update(message);
  return hash.digest();
}

/** The twelve bytes of a Finished message (RFC 5246 section 7.4.9). */
export function verifyData(master: Buffer, sender: 'client' | 'server', handshakeHash: Buffer): Buffer {
  return expand(master, `${sender} finished`, handshakeHash, 12);
}
