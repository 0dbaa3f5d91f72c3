import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe } from 'vitest';
import { ManyServers, type Place } from './many-servers.ts';
import { CLIENT_CERTIFICATES, EACH_SUITE_AND_CURVE, P384_KEY, TLS13_ONLY } from './server-case.ts';
import { itIsAskedOverOneConnection, itIsAskedOverTheLibrary, itTellsAskedFromRequired } from './server-contract.ts';

const PAGE = 'a page behind stunnel';
const answer = { status: 200, body: PAGE };

const servers = new ManyServers();
let behind: Server;

function service({ of, port, listen, pair, clientAuthority }: Place, backend: number): string {
  const lines = [
    `[on-${port}]`,
    `accept = ${listen}`,
    `connect = 127.0.0.1:${backend}`,
    `cert = ${pair.certFile}`,
    `key = ${pair.keyFile}`,
    `sslVersion = ${of.version === 'tls12' ? 'TLSv1.2' : 'TLSv1.3'}`,
  ];
  if (of.suite !== undefined) lines.push(`ciphers = ${of.suite.name}`);
  if (of.curve !== undefined) lines.push(`curves = ${of.curve}`);
  if (of.clientCertificate !== undefined) {
    lines.push(`CAfile = ${clientAuthority}`);
    lines.push(of.clientCertificate === 'required' ? 'verifyChain = yes' : 'requireCert = no\nverify = 1');
  }
  return `${lines.join('\n')}\n`;
}

beforeAll(async () => {
  behind = createServer((_, response) => response.end(PAGE)).listen(0, '127.0.0.1');
  await new Promise((resolve) => behind.once('listening', resolve));
  const { port } = behind.address() as AddressInfo;
  await servers.startOne([...EACH_SUITE_AND_CURVE, P384_KEY, ...TLS13_ONLY, ...CLIENT_CERTIFICATES], (places) => {
    const text = `foreground = yes\npid =\nsyslog = no\n${places.map((place) => service(place, port)).join('\n')}`;
    return ['stunnel4', servers.writeFile(servers.createFolder(), 'stunnel.conf', text)];
  });
});
afterAll(async () => {
  await servers.close();
  await new Promise((resolve) => behind.close(resolve));
});

describe('stunnel', () => {
  itIsAskedOverOneConnection(servers, [...EACH_SUITE_AND_CURVE, P384_KEY], answer);
  itIsAskedOverTheLibrary(servers, TLS13_ONLY, answer);
  itTellsAskedFromRequired(servers, answer);
});
