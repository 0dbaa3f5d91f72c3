export * from './attempt.ts';
export { type ClientHello, createClientHello } from './client-hello.ts';
export type { ByteRange, ServerFlight } from './first-flight.ts';
export type { HttpAnswer } from './http-reader.ts';
export * from './limits.ts';
export { PlainAttempt, type PlainAttemptOptions } from './plain-attempt.ts';
export { TlsAttempt, type TlsAttemptOptions, type WireRequest } from './tls-attempt.ts';
export { ALERT } from './tls-constants.ts';
export { LocalTroubleError, WireError } from './wire-error.ts';
