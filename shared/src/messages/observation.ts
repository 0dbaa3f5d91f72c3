import Type, { type Static } from 'typebox';
import { isBase64 } from '../text/index.ts';
import { COMPONENTS } from '../vocabulary/component.ts';
import { OUTCOMES, PRESENT_REASONS } from '../vocabulary/outcome.ts';

/** Certificates kept of one chain; a longer chain is cut here and `chainLength` tells. */
export const MAX_CHAIN = 10;
/** Bytes of one answer that are kept (status line and headers are counted apart). */
export const MAX_BODY_BYTES = 64 * 1024;

// A pattern for it took 10 % of the indexer's CPU.
const base64 = Type.Refine(Type.String({ maxLength: 200_000 }), isBase64, () => 'is not base64');
const uint16 = Type.Integer({ minimum: 0, maximum: 0xffff });

/**
 * What the server's first flight said beside its certificates (RFC 5246 section 7.4, RFC 8446 section 4). What a library
 * read and does not tell is absent, and never "no".
 */
export const firstFlightSchema = Type.Object({
  tlsVersion: Type.Union([Type.Literal('tls10'), Type.Literal('tls11'), Type.Literal('tls12'), Type.Literal('tls13')]),
  cipherSuite: Type.Optional(uint16),
  /** NamedGroup of the ECDHE share; absent for RSA key exchange and where the library does not tell. */
  curve: Type.Optional(uint16),
  /** SignatureScheme over the ECDHE share. */
  signatureAlgorithm: Type.Optional(uint16),
  /** ServerHello extension types in their order. */
  extensions: Type.Optional(Type.Array(uint16, { maxItems: 64 })),
  extendedMasterSecret: Type.Optional(Type.Boolean()),
  /** `DOWNGRD` at the end of the server random (RFC 8446 section 4.1.3): the server also speaks TLS 1.3. */
  downgradeMark: Type.Optional(Type.Boolean()),
  sessionIdLength: Type.Optional(Type.Integer({ minimum: 0, maximum: 32 })),
  /** `unknown`: behind TLS 1.3 the request is encrypted to all but the two ends; never reported as "none". */
  certificateRequest: Type.Union([
    Type.Literal('none'),
    Type.Literal('unknown'),
    Type.Object({
      types: Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), { maxItems: 32 }),
      signatureAlgorithms: Type.Array(uint16, { maxItems: 64 }),
      /** DER of each distinguished name, in the server's order. */
      clientCas: Type.Array(base64, { maxItems: 100 }),
    }),
  ]),
  /** ServerHello message with random and session id zeroed, so that equal servers hash alike; empty where it was not seen. */
  serverHello: base64,
});

export const responseSchema = Type.Object({
  status: Type.Integer({ minimum: 100, maximum: 999 }),
  /** Identifying headers only, names in lower case, in the server's order: [name, value]. */
  headers: Type.Array(Type.Tuple([Type.String({ maxLength: 100 }), Type.String({ maxLength: 2000 })]), {
    maxItems: 32,
  }),
  body: base64,
});

export const evidenceSchema = Type.Object({
  /** DER certificates, leaf first. */
  chain: Type.Array(base64, { maxItems: MAX_CHAIN }),
  chainLength: Type.Integer({ minimum: 0 }),
  firstFlight: Type.Optional(firstFlightSchema),
  response: Type.Optional(responseSchema),
});

/** One probe of one target: when, what came of it, and the bytes that prove it. */
export const observationSchema = Type.Object({
  address: Type.String({ minLength: 2, maxLength: 45 }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  component: Type.Enum([...COMPONENTS]),
  outcome: Type.Enum([...OUTCOMES]),
  reason: Type.Optional(Type.Enum([...PRESENT_REASONS])),
  /** Milliseconds since the epoch at the moment of the (first) connect. */
  observedAt: Type.Integer({ minimum: 0 }),
  durationMs: Type.Integer({ minimum: 0 }),
  /** Milliseconds until the (first) connect stood; absent when it never did. From 1,000 on a lost SYN was sent again. */
  connectMs: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Why a second connection was made; absent when there was one. There is never a third. */
  secondConnection: Type.Optional(
    Type.Union([Type.Literal('fallback'), Type.Literal('loss-sample'), Type.Literal('worker-death')]),
  ),
  /** Whether the server proved to hold its certificate's key; absent where that was not looked at or cannot be told. */
  possession: Type.Optional(Type.Union([Type.Literal('proved'), Type.Literal('failed')])),
  evidence: evidenceSchema,
});

export type FirstFlight = Static<typeof firstFlightSchema>;
export type Response = Static<typeof responseSchema>;
export type Evidence = Static<typeof evidenceSchema>;
export type Observation = Static<typeof observationSchema>;
