import type { Evidence, FirstFlight } from '@kubecensus/shared/messages';

/** The parts of one evidence as the record holds them. */
export interface StoredParts {
  /** DER, leaf first. */
  chain: readonly Buffer[];
  chainLength: number;
  /** DER names; null where none were asked for, or nobody can know. */
  clientCas: readonly Buffer[] | null;
  firstFlightJson: string | null;
  response: { status: number; headersJson: string; body: Buffer } | null;
}

/**
 * The evidence that rules read, made of what is stored. New evidence takes the same way before its first verdict, so
 * a verdict is a function of the record and never of what was lost on the way into it.
 */
export function toEvidence(parts: StoredParts): Evidence {
  const { firstFlightJson, response } = parts;
  return {
    chain: parts.chain.map((der) => der.toString('base64')),
    chainLength: parts.chainLength,
    ...(firstFlightJson !== null && { firstFlight: toFirstFlight(firstFlightJson, parts.clientCas) }),
    ...(response !== null && {
      response: {
        status: response.status,
        headers: JSON.parse(response.headersJson) as [string, string][],
        body: response.body.toString('base64'),
      },
    }),
  };
}

function toFirstFlight(json: string, clientCas: readonly Buffer[] | null): FirstFlight {
  const flight = JSON.parse(json) as FirstFlight;
  if (typeof flight.certificateRequest === 'string') return flight;
  const names = (clientCas ?? []).map((name) => name.toString('base64'));
  return { ...flight, certificateRequest: { ...flight.certificateRequest, clientCas: names } };
}
