/** Bytes on the wire of a server's first flight, record headers included. */
export const MAX_FIRST_FLIGHT_BYTES = 100 * 1024;
/** Handshake messages of a first flight; six are in use. */
export const MAX_FIRST_FLIGHT_MESSAGES = 16;
/** Warning alerts that may come before the ServerHello (unrecognized_name is one that real servers send). */
export const MAX_WARNING_ALERTS = 4;
/** Client CA names kept of a CertificateRequest. */
export const MAX_CLIENT_CAS = 100;
/** Bytes of an HTTP status line and its headers, trailers included. */
export const MAX_HEADER_BYTES = 16 * 1024;
/** Header lines of one answer. */
export const MAX_HEADER_LINES = 100;
/** Bytes of an HTTP body. */
export const MAX_RESPONSE_BYTES = 64 * 1024;
/** 1xx answers before the final one. */
export const MAX_INFORMATIONAL = 3;
/** Bytes of one chunk's size line: 8 digits and a few extensions that are skipped. */
export const MAX_CHUNK_LINE_BYTES = 256;
/** Bytes on the wire after our Finished: an answer at both caps, split in small records, and its handshake. */
export const MAX_ANSWER_BYTES = 192 * 1024;
