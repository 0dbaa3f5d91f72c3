import { KubecensusError } from '@kubecensus/shared/errors';

/** What a stranger's bytes can break. The prober maps each to an outcome; none leaves it. */
export type WireErrorCode =
  | 'WIRE_NOT_TLS' // the first bytes are no TLS record
  | 'WIRE_MALFORMED' // a record, message or answer that breaks its protocol's rules
  | 'WIRE_TOO_LARGE' // more bytes, messages or entries than we take
  | 'WIRE_BAD_MAC' // a record that does not open under the handshake's keys
  | 'WIRE_BAD_FINISHED'; // a server Finished that does not match the transcript

export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** Local trouble: this machine has run out of something. The target was not judged; back off and queue it again. */
export class LocalTroubleError extends KubecensusError {
  /** The system's error, such as `EMFILE`. */
  readonly systemCode: string;

  constructor(systemCode: string, address: string, port: number) {
    super(
      'PROBER_LOCAL_TROUBLE',
      `${systemCode} while opening a connection to ${address} port ${port}; nothing was learned of the target: ` +
        'lower the number of sockets or raise the limit, then probe it again',
    );
    this.systemCode = systemCode;
  }
}
