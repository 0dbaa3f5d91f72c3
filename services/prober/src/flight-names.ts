import {
  attributeOf,
  type DistinguishedName,
  readName,
  readSubject,
  readSubjectAltNames,
  X509Error,
} from '@kubecensus/shared/x509';
import type { FlightNames } from './components/define-component.ts';

/** Names of a first flight, read from DER when a rule asks for them. What cannot be read counts as not there. */
export class LazyFlightNames implements FlightNames {
  readonly port: number;
  readonly isCertificateRequested: boolean;
  readonly #leaf: Buffer | undefined;
  readonly #clientCas: readonly Buffer[];
  #subjectName: DistinguishedName | undefined;
  #dnsNames: readonly string[] | undefined;
  #clientCaNames: readonly string[] | undefined;

  /** @param clientCas DER names of the CertificateRequest; undefined where no client certificate was asked for. */
  constructor(port: number, leaf: Buffer | undefined, clientCas: readonly Buffer[] | undefined) {
    this.port = port;
    this.#leaf = leaf;
    this.#clientCas = clientCas ?? [];
    this.isCertificateRequested = clientCas !== undefined;
  }

  get subject(): string {
    return this.#readSubject().text;
  }

  get commonName(): string {
    return attributeOf(this.#readSubject(), 'CN') ?? '';
  }

  get dnsNames(): readonly string[] {
    const leaf = this.#leaf;
    this.#dnsNames ??=
      leaf === undefined ? [] : readOr([], () => readSubjectAltNames(leaf).dns.map((name) => name.toLowerCase()));
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

  #readSubject(): DistinguishedName {
    const leaf = this.#leaf;
    const nothing = { text: '', attributes: [] };
    this.#subjectName ??= leaf === undefined ? nothing : readOr(nothing, () => readSubject(leaf));
    return this.#subjectName;
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
