import { afterAll, beforeAll, describe } from 'vitest';
import { ManyServers, type Place } from './many-servers.ts';
import { CLIENT_CERTIFICATES, EACH_SUITE_AND_CURVE, P384_KEY, TLS13_ONLY } from './server-case.ts';
import { itIsAskedOverOneConnection, itIsAskedOverTheLibrary, itTellsAskedFromRequired } from './server-contract.ts';

const PAGE = 'a page of haproxy';
const answer = { status: 200, body: PAGE };

const servers = new ManyServers();

function bind(folder: string, { of, port, listen, pair, clientAuthority }: Place): string {
  // HAProxy wants certificate and key in one file.
  const both = servers.writeFile(folder, `${port}.pem`, `${pair.cert}${pair.key}`);
  const version = of.version === 'tls12' ? 'TLSv1.2' : 'TLSv1.3';
  const words = [`bind ${listen} ssl crt ${both} ssl-min-ver ${version} ssl-max-ver ${version}`];
  if (of.suite !== undefined) words.push(`ciphers ${of.suite.name}`);
  if (of.curve !== undefined) words.push(`curves ${of.curve}`);
  if (of.clientCertificate !== undefined) {
    words.push(`ca-file ${clientAuthority} verify ${of.clientCertificate === 'required' ? 'required' : 'optional'}`);
  }
  return words.join(' ');
}

beforeAll(() =>
  servers.startOne([...EACH_SUITE_AND_CURVE, P384_KEY, ...TLS13_ONLY, ...CLIENT_CERTIFICATES], (places) => {
    const folder = servers.createFolder();
    const text = [
      'global',
      '  tune.ssl.default-dh-param 2048',
      'defaults',
      '  mode http',
      '  timeout connect 30s',
      '  timeout client 30s',
      '  timeout server 30s',
      'frontend all',
      ...places.map((place) => `  ${bind(folder, place)}`),
      `  http-request return status 200 content-type text/plain string "${PAGE}"`,
    ];
    return ['haproxy', '-db', '-f', servers.writeFile(folder, 'haproxy.cfg', `${text.join('\n')}\n`)];
  }),
);
afterAll(() => servers.close());

describe('HAProxy', () => {
  itIsAskedOverOneConnection(servers, [...EACH_SUITE_AND_CURVE, P384_KEY], answer);
  itIsAskedOverTheLibrary(servers, TLS13_ONLY, answer);
  itTellsAskedFromRequired(servers, answer);
});
