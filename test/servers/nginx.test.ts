import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManyServers, type Place } from './many-servers.ts';
import {
  CERTIFICATE_ONLY,
  CLIENT_CERTIFICATES,
  EACH_SUITE_AND_CURVE,
  P384_KEY,
  type ServerCase,
  TLS13_ONLY,
  titleOf,
} from './server-case.ts';
import { itIsAskedOverOneConnection, itIsAskedOverTheLibrary, itTellsAskedFromRequired } from './server-contract.ts';

const PAGE = 'a page of nginx';
const OPENSSL_CURVES = { X25519: 'X25519', 'P-256': 'prime256v1', 'P-384': 'secp384r1' } as const;
const OPENSSL_3DES = 0x000a;

const onlyShown = CERTIFICATE_ONLY.filter(({ id }) => id !== OPENSSL_3DES).map(
  (suite): ServerCase => ({ kind: suite.key === 'ec' ? 'p256' : 'rsa', version: 'tls12', suite }),
);
const all = [...EACH_SUITE_AND_CURVE, P384_KEY, ...TLS13_ONLY, ...CLIENT_CERTIFICATES, ...onlyShown];

const servers = new ManyServers();

function listen({ of, listen, pair, clientAuthority }: Place, parameters: string): string {
  const lines = [
    `listen ${listen} ssl`,
    `ssl_certificate ${pair.certFile}`,
    `ssl_certificate_key ${pair.keyFile}`,
    `ssl_protocols ${of.version === 'tls12' ? 'TLSv1.2' : 'TLSv1.3'}`,
    `ssl_dhparam ${parameters}`,
    `return 200 "${PAGE}"`,
  ];
  if (of.suite !== undefined) lines.push(`ssl_ciphers ${of.suite.name}:@SECLEVEL=0`);
  if (of.curve !== undefined) lines.push(`ssl_ecdh_curve ${OPENSSL_CURVES[of.curve]}`);
  if (of.clientCertificate !== undefined) {
    lines.push(`ssl_client_certificate ${clientAuthority}`);
    lines.push(`ssl_verify_client ${of.clientCertificate === 'required' ? 'on' : 'optional'}`);
  }
  return `server { ${lines.join('; ')}; }`;
}

/** The group ffdhe2048 of RFC 7919 appendix A.1: no test waits for a prime. */
const FFDHE2048 = `-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
`;

beforeAll(() =>
  servers.startOne(all, (places) => {
    const root = servers.createFolder();
    const parameters = servers.writeFile(root, 'dh.pem', FFDHE2048);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (of) => `${of}_temp_path ${root}/${of};`,
    );
    const listening = places.map((place) => listen(place, parameters)).join('\n');
    const conf = servers.writeFile(
      root,
      'nginx.conf',
      `daemon off; master_process off; pid ${root}/pid; error_log ${root}/error.log; events {}
       http { access_log off; ${temporary.join(' ')} ${listening} }\n`,
    );
    return ['nginx', '-p', root, '-e', `${root}/error.log`, '-c', conf];
  }),
);
afterAll(() => servers.close());

describe('nginx, over OpenSSL 3,', () => {
  const answer = { status: 200, body: PAGE };
  itIsAskedOverOneConnection(servers, [...EACH_SUITE_AND_CURVE, P384_KEY], answer);
  itIsAskedOverTheLibrary(servers, TLS13_ONLY, answer);
  // It lets everybody finish the handshake and says no in HTTP.
  itTellsAskedFromRequired(servers, answer, { required: () => ({ outcome: 'answered', status: 400 }) });

  it.each(onlyShown.map((of) => [titleOf(of), of] as const))(
    'shows its certificate in clear and is asked over the library: %s',
    async (_, of) => {
      expect(await servers.look(of)).toEqual(
        expect.objectContaining({
          outcome: 'answered',
          connections: 2,
          version: 'tls12',
          suite: of.suite?.id,
          certificate: of.kind,
          clientCertificate: 'none',
          status: 200,
          body: PAGE,
        }),
      );
    },
  );
});
