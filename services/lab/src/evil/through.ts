import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** The socket with `write` between it and whoever writes: for hosts that are right in what they say and wrong in how. */
export function through(socket: Socket, write: (bytes: Buffer) => void): Duplex {
  const proxy = new Duplex({
    allowHalfOpen: false,
    read() {
      socket.resume();
    },
    write(bytes: Buffer, _encoding, done) {
      write(bytes);
      done();
    },
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (bytes: Buffer) => proxy.push(bytes));
  socket.once('end', () => proxy.push(null));
  socket.once('close', () => proxy.destroy());
  proxy.on('error', () => proxy.destroy());
  return proxy;
}
