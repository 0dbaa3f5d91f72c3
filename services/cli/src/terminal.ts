import type { Readable, Writable } from 'node:stream';

/** The three streams of a command: data goes to stdout, everything said to a person to stderr. */
export type Terminal = {
  stdin: Readable;
  stdout: Writable & { isTTY?: boolean };
  stderr: NodeJS.WriteStream;
};

/** Writes and waits while the reader is slower than we are; a pipe that was closed (`| head`) ends the data quietly. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      stream.off('error', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
    stream.on('error', done);
  });
}
