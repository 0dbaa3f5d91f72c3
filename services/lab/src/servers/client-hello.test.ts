import net from 'node:net';
import tls from 'node:tls';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseClientHello } from './client-hello.ts';

async function helloOf(options: tls.ConnectionOptions): Promise<Buffer> {
  const server = net.createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  const client = tls.connect({ host: '127.0.0.1', port, ...options });
  client.on('error', () => undefined);
  const hello = await new Promise<Buffer>((resolve) => {
    server.once('connection', (socket) => {
      socket.once('data', (bytes: Buffer) => {
        resolve(bytes);
        socket.destroy();
      });
    });
  });
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
  return hello;
}

it('the server name and the offer of TLS 1.3 are read from a hello', async () => {
  const named = await helloOf({ servername: 'api.example' });
  expect(parseClientHello(named)).toMatchObject({ serverName: 'api.example', offersTls13: true });
  const old = await helloOf({ servername: '', maxVersion: 'TLSv1.2' });
  expect(parseClientHello(old)).toMatchObject({ serverName: null, offersTls13: false });
});

it('no bytes of a stranger make the reader throw or read past their end', async () => {
  const hello = await helloOf({ servername: 'api.example' });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(hello.length), (noise, cut) => {
      parseClientHello(Buffer.from(noise));
      parseClientHello(hello.subarray(0, cut));
      parseClientHello(Buffer.concat([hello.subarray(0, cut), Buffer.from(noise)]));
    }),
    { seed: 42, numRuns: 500 },
  );
});
