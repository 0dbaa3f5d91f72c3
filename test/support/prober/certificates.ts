import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type KeyKind = 'rsa' | 'p256' | 'p384' | 'ed25519' | 'rsa-pss';

export interface KeyPair {
  key: string;
  cert: string;
  keyFile: string;
  certFile: string;
}

const KEY_ARGUMENTS: Record<KeyKind, string[]> = {
  rsa: ['-newkey', 'rsa:2048'],
  p256: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
  p384: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1'],
  ed25519: ['-newkey', 'ed25519'],
  'rsa-pss': ['-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
};

/** Self-signed certificates made by the openssl command, one per kind and names, kept until `remove`. */
export class CertificatePool {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'kubecensus-certificates-'));
  readonly #made = new Map<string, KeyPair>();
  readonly #kinds = new Map<string, KeyKind>();

  make(kind: KeyKind, subject: string, names: string): KeyPair {
    const id = `${kind} ${subject} ${names}`;
    const known = this.#made.get(id);
    if (known !== undefined) return known;
    const keyFile = path.join(this.folder, `${this.#made.size}.key`);
    const certFile = path.join(this.folder, `${this.#made.size}.crt`);
    const what = [...KEY_ARGUMENTS[kind], '-nodes', '-keyout', keyFile, '-out', certFile, '-days', '30'];
    const how = ['-subj', subject, '-addext', `subjectAltName=${names}`];
    execFileSync('openssl', ['req', '-x509', ...what, ...how], { stdio: 'pipe' });
    const pair = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8'), keyFile, certFile };
    this.#made.set(id, pair);
    this.#kinds.set(new X509Certificate(pair.cert).raw.toString('base64'), kind);
    return pair;
  }

  /** The kind of the certificate made here that has these very bytes. */
  kindOf(der: Buffer): KeyKind | undefined {
    return this.#kinds.get(der.toString('base64'));
  }

  /** A certificate that an API server could show. */
  apiServer(kind: KeyKind = 'p256'): KeyPair {
    return this.make(kind, '/CN=kube-apiserver', 'DNS:kubernetes,DNS:kubernetes.default,IP:10.96.0.1');
  }

  /** A certificate of a server that has nothing to do with Kubernetes. */
  shop(): KeyPair {
    return this.make('p256', '/CN=shop.example', 'DNS:shop.example');
  }

  /** An authority for clients, of whom none has a certificate. */
  clientAuthority(): KeyPair {
    return this.make('p256', '/CN=client authority', 'DNS:clients.example');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
