import type { Evidence } from '@kubecensus/shared/messages';

/**
 * The parts of one evidence as the record holds them, and as rules read them. New evidence takes the same form before its
 * first verdict, so that a verdict is a function of the record and never of what was lost on the way into it.
 */
export interface StoredParts {
  /** DER, leaf first. */
  readonly chain: readonly Buffer[];
  readonly chainLength: number;
  /** DER names; null where none were asked for, or nobody can know. */
  readonly clientCas: readonly Buffer[] | null;
  /** Without the client CAs. */
  readonly firstFlightJson: string | null;
  readonly response: { readonly status: number; readonly headersJson: string; readonly body: Buffer } | null;
}

export function toStoredParts({ chain, chainLength, firstFlight, response }: Evidence): StoredParts {
  const request = firstFlight?.certificateRequest;
  return {
    chain: chain.map((base64) => Buffer.from(base64, 'base64')),
    chainLength,
    clientCas: typeof request === 'object' ? request.clientCas.map((base64) => Buffer.from(base64, 'base64')) : null,
    firstFlightJson: firstFlight === undefined ? null : JSON.stringify(firstFlight),
    response:
      response === undefined
        ? null
        : {
            status: response.status,
            headersJson: JSON.stringify(response.headers),
            body: Buffer.from(response.body, 'base64'),
          },
  };
}
