import {
  attributeOf,
  type Certificate,
  type DistinguishedName,
  readCertificate,
  readName,
  readNames,
  readSubjectAltNames,
  X509Error,
} from '@kubecensus/shared/x509';
import type { FlightNames } from './components/define-component.ts';

type LeafNames = { issuer: DistinguishedName; subject: DistinguishedName };

const NO_NAMES: LeafNames = { issuer: { text: '', attributes: [] }, subject: { text: '', attributes: [] } };

/** Names of a first flight, read from DER when a rule asks for them. What cannot be read counts as not there. */
export class LazyFlightNames implements FlightNames {
  readonly port: number;
  readonly isCertificateRequested: boolean;
  readonly #leaf: Buffer | undefined;
  readonly #clientCas: readonly Buffer[];
  #certificate: Certificate | undefined;
  #isRead = false;
  #names: LeafNames | undefined;
  #dnsNames: readonly string[] | undefined;
  #clientCaNames: readonly string[] | undefined;

  /** @param clientCas DER names of the CertificateRequest; undefined where no client certificate was asked for. */
  constructor(port: number, leaf: Buffer | undefined, clientCas: readonly Buffer[] | undefined) {
    this.port = port;
    this.#leaf = leaf;
    this.#clientCas = clientCas ?? [];
    this.isCertificateRequested = clientCas !== undefined;
  }

  /** All of the leaf; undefined where there is none, or not all of it can be read. */
  get certificate(): Certificate | undefined {
    const leaf = this.#leaf;
    if (!this.#isRead && leaf !== undefined) this.#certificate = readOr(undefined, () => readCertificate(leaf));
    this.#isRead = true;
    return this.#certificate;
  }

  get subject(): string {
    return this.#readNames().subject.text;
  }

  get commonName(): string {
    return attributeOf(this.#readNames().subject, 'CN') ?? '';
  }

  get issuer(): string {
    return this.#readNames().issuer.text;
  }

  get issuerCommonName(): string {
    return attributeOf(this.#readNames().issuer, 'CN') ?? '';
  }

  get dnsNames(): readonly string[] {
    this.#dnsNames ??= this.#readDnsNames().map((name) => name.toLowerCase());
    return this.#dnsNames;
  }

  get clientCaNames(): readonly string[] {
    this.#clientCaNames ??= this.#clientCas.map((der) =>
      readOr('', () => {
        const name = readName(der);
        return attributeOf(name, 'CN') ?? name.text;
      }),
    );
    return this.#clientCaNames;
  }

  #readNames(): LeafNames {
    const leaf = this.#leaf;
    this.#names ??= this.certificate ?? (leaf === undefined ? NO_NAMES : readOr(NO_NAMES, () => readNames(leaf)));
    return this.#names;
  }

  #readDnsNames(): readonly string[] {
    const leaf = this.#leaf;
    if (this.certificate !== undefined) return this.certificate.sans.dns;
    return leaf === undefined ? [] : readOr([], () => readSubjectAltNames(leaf).dns);
  }
}

function readOr<Value>(otherwise: Value, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error) return otherwise;
    throw error;
  }
}
