import { readdirSync, readFileSync } from 'node:fs';
import { parseVersionDocument } from '@kubecensus/shared/kubernetes';
import type { Component, Confidence } from '@kubecensus/shared/vocabulary';
import { readCertificate } from '@kubecensus/shared/x509';
import type { VerdictReason } from '../decide.ts';
import {
  type BodyKind,
  type CertificateFacts,
  type Facts,
  type FlightFacts,
  isOfApiServer,
  type NameFacts,
} from '../facts.ts';
import { toCertificateFacts } from '../to-facts.ts';

/** `recorded`: a real server or certificate showed it; `composed`: put together from the source that a rule cites. */
interface Origin {
  readonly kind: 'recorded' | 'composed';
  readonly source: string;
}

interface WrittenCertificate {
  /** Base64 of the certificate itself; nothing else is then given. */
  readonly der?: string;
  readonly subject?: string;
  readonly issuer?: string;
  readonly sans?: readonly string[];
  readonly keyType?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly extensions?: readonly string[];
  readonly netscapeComment?: string;
}

interface WrittenFixture {
  readonly origin: Origin;
  /** The distribution that the source says it is; `unknown` where an honest reader could not say. */
  readonly label: string;
  readonly facts: {
    readonly component?: Component;
    readonly port?: number;
    readonly leaf?: WrittenCertificate;
    readonly issuers?: readonly WrittenCertificate[];
    readonly clientCas?: readonly string[];
    readonly flight?: FlightFacts;
    readonly http?: {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly bodyKind?: BodyKind;
    };
    readonly version?: Record<string, unknown>;
  };
  readonly verdict: {
    readonly distribution: string;
    readonly confidence: Confidence;
    readonly reason: VerdictReason;
    readonly rules?: readonly string[];
    readonly couldBe?: readonly string[];
    readonly lookAlike?: string;
  };
}

export interface Fixture {
  /** `<folder>/<case>` */
  readonly name: string;
  readonly origin: Origin;
  readonly label: string;
  readonly facts: Facts;
  readonly verdict: WrittenFixture['verdict'];
}

const FIXTURES = new URL('../../distributions/fixtures/', import.meta.url);

/** Every fixture of every distribution, by name. */
export function readFixtures(): Fixture[] {
  const folders = readdirSync(FIXTURES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .flatMap(({ name: folder }) =>
      readdirSync(new URL(`${folder}/`, FIXTURES)).map((file) => {
        const written = JSON.parse(readFileSync(new URL(`${folder}/${file}`, FIXTURES), 'utf8')) as WrittenFixture;
        return { ...written, name: `${folder}/${file.replace(/\.json$/, '')}`, facts: toFixtureFacts(written.facts) };
      }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function toFixtureFacts(written: WrittenFixture['facts']): Facts {
  const { leaf, clientCas, flight, http, version } = written;
  const certificate = leaf === undefined ? undefined : toCertificate(leaf);
  const shownBy = certificate !== undefined && isOfApiServer(certificate) ? 'api-server' : 'anyone';
  const judged = version === undefined ? undefined : parseVersionDocument(JSON.stringify(version), shownBy);
  const status = http?.status ?? (version === undefined ? undefined : 200);
  return {
    component: written.component ?? 'kube-apiserver',
    port: written.port ?? 6443,
    issuers: (written.issuers ?? []).map(toCertificate),
    ...(certificate === undefined ? {} : { leaf: certificate }),
    ...(clientCas === undefined ? {} : { clientCas: clientCas.map(parseName) }),
    ...(flight === undefined ? {} : { flight }),
    ...(judged === undefined ? {} : { version: judged }),
    ...(status === undefined
      ? {}
      : {
          http: {
            status,
            headers: new Map(Object.entries(http?.headers ?? {})),
            bodyKind: http?.bodyKind ?? (judged?.kind === 'version' ? 'version-document' : 'json'),
          },
        }),
  };
}

function toCertificate(written: WrittenCertificate): CertificateFacts {
  if (written.der !== undefined) return toCertificateFacts(readCertificate(Buffer.from(written.der, 'base64')));
  const { subject, issuer, sans = [], keyType, notBefore, notAfter, extensions, netscapeComment } = written;
  return {
    dnsNames: sans.filter((name) => name.startsWith('DNS:')).map((name) => name.slice('DNS:'.length).toLowerCase()),
    ipAddresses: sans.filter((name) => name.startsWith('IP:')).map((name) => name.slice('IP:'.length)),
    ...(subject === undefined ? {} : { subject: parseName(subject) }),
    ...(issuer === undefined ? {} : { issuer: parseName(issuer) }),
    ...(keyType === undefined ? {} : { keyType }),
    ...(notBefore === undefined ? {} : { notBefore: Date.parse(notBefore) }),
    ...(notAfter === undefined ? {} : { notAfter: Date.parse(notAfter) }),
    ...(extensions === undefined ? {} : { extensions }),
    ...(netscapeComment === undefined ? {} : { netscapeComment }),
  };
}

/** `O=k3s, CN=k3s`, as openssl prints it, without escapes. */
export function parseName(text: string): NameFacts {
  const first = (type: string): string | undefined =>
    text
      .split(', ')
      .find((attribute) => attribute.startsWith(`${type}=`))
      ?.slice(type.length + 1);
  const [cn, o, ou] = [first('CN'), first('O'), first('OU')];
  return {
    text,
    ...(cn === undefined ? {} : { cn }),
    ...(o === undefined ? {} : { o }),
    ...(ou === undefined ? {} : { ou }),
  };
}
