import type { CertificateSpecification } from '../certificates/certificate.ts';
import { ATTRIBUTE_NAMES, type Name } from '../certificates/name.ts';
import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';
import { withNames } from './with-names.ts';

/** NUL, ESC with a colour, CR LF, right-to-left override, markup, a spreadsheet's formula, a lone quote, SQL. */
export const HOSTILE_TEXT =
  "\u0000\u001b[31mred\r\nSet-Cookie: a=b\u202egpj.exe<script>alert(1)</script>=cmd|'/c calc'!A1\"; DROP TABLE endpoints;--";

/** The same without what would end a header line. */
const HOSTILE_HEADER = HOSTILE_TEXT.replace('\r\n', ' ');

const HEADERS = [
  'Cache-Control',
  'Content-Type',
  'Location',
  'Server',
  'Via',
  'WWW-Authenticate',
  'X-Kubernetes-Pf-Flowschema-Uid',
  'X-Kubernetes-Pf-Prioritylevel-Uid',
  'X-Powered-By',
  'X-Text',
];

/** How the names of one host are written, in turn. */
const ENCODINGS = ['utf8', 'bmp', 'universal', 'ia5', 'printable', 'teletex'] as const;

/** Every attribute that a name can have, each with the text. */
function hostileName(variant: number): Name {
  const encoding = ENCODINGS[variant % ENCODINGS.length] ?? 'utf8';
  return ATTRIBUTE_NAMES.map((attribute) => [attribute, HOSTILE_TEXT, encoding]);
}

function hostileLeaf(leaf: CertificateSpecification, variant: number): CertificateSpecification {
  const name = hostileName(variant);
  const bytes = Buffer.from(HOSTILE_TEXT);
  const others = leaf.extensions.filter(({ type }) => !type.endsWith('-key-id'));
  return {
    ...leaf,
    subject: name,
    issuer: name,
    serial: bytes.toString('hex'),
    extensions: [
      ...others,
      { type: 'subject-key-id', id: bytes },
      { type: 'authority-key-id', id: bytes, issuer: { name, serial: bytes } },
      { type: 'netscape-comment', text: HOSTILE_TEXT },
    ],
  };
}

/** Real in the two fields by which an imitation is told, so that the others are read; or hostile in every one. */
function hostileVersion(isEveryField: boolean): string {
  return JSON.stringify({
    major: HOSTILE_TEXT,
    minor: HOSTILE_TEXT,
    gitVersion: `v1.29.3${isEveryField ? HOSTILE_TEXT : ''}`,
    gitCommit: isEveryField ? HOSTILE_TEXT : '0123456789abcdef0123456789abcdef01234567',
    gitTreeState: isEveryField ? HOSTILE_TEXT : 'clean',
    buildDate: HOSTILE_TEXT,
    goVersion: HOSTILE_TEXT,
    compiler: HOSTILE_TEXT,
    platform: HOSTILE_TEXT,
    emulationMajor: HOSTILE_TEXT,
    emulationMinor: HOSTILE_TEXT,
    [HOSTILE_TEXT]: HOSTILE_TEXT,
  });
}

/**
 * Control characters, markup, a formula and a change of direction in every field of its certificate, in the names of its
 * client CAs, in its headers and in every value of its version.
 */
export default defineEvil({
  name: 'hostile-text',
  showsCertificate: true,
  outcomes: ['answered'],
  tls: (tls, variant) => {
    const [leaf] = tls.chain;
    if (leaf === undefined) return tls;
    const clientCas = [hostileName(variant), [['CN', 'front-proxy-ca']] as const];
    const names = [`DNS:${HOSTILE_TEXT}`, `URI:${HOSTILE_TEXT}`, `EMAIL:${HOSTILE_TEXT}`, `OCTETS:${HOSTILE_TEXT}`];
    return withNames({ ...tls, chain: [hostileLeaf(leaf, variant)], clientCas }, (own) => [...own, ...names]);
  },
  behave: (context) =>
    afterRequest(context, (connection) => {
      const body = hostileVersion(context.variant % 2 === 1);
      const headers = HEADERS.map((name) => `${name}: ${HOSTILE_HEADER}`);
      connection.end(`${head('200 OK', ...headers, `Content-Length: ${Buffer.byteLength(body)}`)}${body}`);
    }),
});
