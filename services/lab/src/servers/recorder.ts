/** What arrived on one connection. */
export interface Arrival {
  /** Ordinal of the connection in this lab, from 1. */
  connection: number;
  /** Milliseconds since the epoch at which the connection was accepted. */
  at: number;
  address: string;
  port: number;
  remotePort: number;
  /** The bytes that came first, as they were on the wire; for TLS the first segment of the hello. Hexadecimal. */
  first: string;
  /** What came inside TLS, or all of it where there is none, as latin1 text. */
  request: string;
}

export interface Recorder {
  /** Null while recording is off. */
  open(connection: { address: string; port: number; remotePort: number }): ArrivalWriter | null;
  /** What is kept, oldest first. */
  arrivals(): Arrival[];
  clear(): void;
}

export interface ArrivalWriter {
  first(bytes: Buffer): void;
  request(bytes: Buffer): void;
}

/** Connections kept; the oldest is dropped for the next. */
export const MAX_ARRIVALS = 20_000;
/** Bytes kept of each part of one connection. */
export const MAX_ARRIVAL_BYTES = 8 * 1024;

export function createRecorder(options: { enabled: boolean; maxArrivals?: number }): Recorder {
  const maxArrivals = options.maxArrivals ?? MAX_ARRIVALS;
  const ring: Arrival[] = [];
  let oldest = 0;
  let count = 0;

  return {
    open({ address, port, remotePort }) {
      count += 1;
      if (!options.enabled) return null;
      const arrival: Arrival = { connection: count, at: Date.now(), address, port, remotePort, first: '', request: '' };
      if (ring.length < maxArrivals) ring.push(arrival);
      else {
        ring[oldest] = arrival;
        oldest = (oldest + 1) % maxArrivals;
      }
      return {
        first(bytes) {
          arrival.first += bytes.subarray(0, MAX_ARRIVAL_BYTES - arrival.first.length / 2).toString('hex');
        },
        request(bytes) {
          arrival.request += bytes.subarray(0, MAX_ARRIVAL_BYTES - arrival.request.length).toString('latin1');
        },
      };
    },
    arrivals: () => [...ring.slice(oldest), ...ring.slice(0, oldest)],
    clear() {
      ring.length = 0;
      oldest = 0;
    },
  };
}
