import { createInterface } from 'node:readline';
import { connect } from 'node:tls';

// The plainest correct program over node:tls: a full handshake with each target, its certificate read, one line for each.
// full-handshake SOCKETS < targets; with a path as second word it also asks for it and reads the answer.
const [sockets = '200', path] = process.argv.slice(2);
const DEADLINE_MS = 10_000;

function look(target: string): Promise<string> {
  const [host = '', port = ''] = target.split(':');
  return new Promise((resolve) => {
    let certificate = '';
    let answer = '';
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
    const deadline = setTimeout(() => socket.destroy(), DEADLINE_MS);
    socket.once('secureConnect', () => {
      certificate = socket.getPeerX509Certificate()?.raw.toString('base64') ?? '';
      if (path === undefined) socket.destroy();
      else
        socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(deadline);
      resolve(JSON.stringify({ target, certificate, answer }));
    });
  });
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const worker = async () => {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const line = await look(next.value);
    if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
};
process.stdout.setMaxListeners(0);
await Promise.all(Array.from({ length: Number(sockets) }, worker));
