/**
 * A loopback address that no other process of this machine listens on, by this one's id: its ports are nobody else's, so
 * that one can be named before a program listens on it.
 */
export const OWN_ADDRESS = `127.${64 + ((process.pid >> 16) & 63)}.${(process.pid >> 8) & 255}.${process.pid & 255}`;

/** Below the ports that the system gives away by itself. */
const FIRST_PORT = 20_000;
let given = 0;

/** A port of that address that was not given before. */
export function takeOwnPort(): number {
  return FIRST_PORT + given++;
}
