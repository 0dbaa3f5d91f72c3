import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';
import { withNames } from './with-names.ts';

/** NUL, ESC with a colour, CR LF, right-to-left override, markup, a spreadsheet's formula, a lone quote, SQL. */
export const HOSTILE_TEXT =
  "\u0000\u001b[31mred\r\nSet-Cookie: a=b\u202egpj.exe<script>alert(1)</script>=cmd|'/c calc'!A1\"; DROP TABLE endpoints;--";

/** Control characters, markup, a formula and a change of direction in every field of its certificate and its version. */
export default defineEvil({
  name: 'hostile-text',
  showsCertificate: true,
  outcomes: ['answered', 'look-alike'],
  tls: (tls) => {
    const [leaf] = tls.chain;
    if (leaf === undefined) return tls;
    const name = (['O', 'OU', 'L', 'CN'] as const).map((attribute) => [attribute, HOSTILE_TEXT] as const);
    const chain = [{ ...leaf, subject: name, issuer: name }];
    const clientCas = [name, [['CN', 'front-proxy-ca']] as const];
    return withNames({ ...tls, chain, clientCas }, (own) => [...own, `DNS:${HOSTILE_TEXT}`]);
  },
  behave: (context) =>
    afterRequest(context, (connection) => {
      const body = JSON.stringify({
        major: HOSTILE_TEXT,
        minor: HOSTILE_TEXT,
        gitVersion: `v1.29.3${HOSTILE_TEXT}`,
        gitCommit: '0123456789abcdef0123456789abcdef01234567',
        gitTreeState: 'clean',
        buildDate: HOSTILE_TEXT,
        goVersion: HOSTILE_TEXT,
        compiler: HOSTILE_TEXT,
        platform: HOSTILE_TEXT,
      });
      const length = `Content-Length: ${Buffer.byteLength(body)}`;
      connection.end(`${head('200 OK', 'Content-Type: application/json', 'X-Text: \u001b[31m<b>', length)}${body}`);
    }),
});
