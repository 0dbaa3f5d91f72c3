import { readCertificate } from '@kubecensus/shared/x509';

/** Names that clusters have in common; what stands beside them names a node, an endpoint or a company. */
const SHARED_NAME = /^(localhost$|kubernetes|kubernetens|openshift|kube-apiserver$)/;
/** Authorities that are named for their own making: k3s, RKE2 and OpenShift by the second, GKE by a uuid. */
const OWN_AUTHORITY = /@\d{9,12}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A recorded certificate, and where in it the octets lie that would be others on another cluster. */
export interface CertificateTemplate {
  readonly der: Buffer;
  /** Offsets of digits in names, and of the last octets of addresses. */
  readonly digits: readonly number[];
  readonly octets: readonly number[];
}

export function toCertificateTemplate(der: Buffer): CertificateTemplate {
  const { sans, issuer } = readCertificate(der);
  const names = sans.dns.filter((name) => !SHARED_NAME.test(name));
  const authority = issuer.attributes.find(({ type }) => type === 'CN')?.value ?? '';
  if (OWN_AUTHORITY.test(authority)) names.push(authority);
  const digits = new Set(names.flatMap((name) => digitsOf(der, name)));
  // The first address of a service range, and loopback, are those of many; a node's own are not.
  const own = sans.ip.map((text) => text.split('.').map(Number)).filter((octets) => octets.length === 4);
  const addresses = own.filter((octets) => octets[0] !== 127 && octets[3] !== 1);
  const octets = addresses.map((address) => der.indexOf(Buffer.from([0x87, 4, ...address]))).filter((at) => at >= 0);
  return { der, digits: [...digits], octets: octets.map((at) => at + 5) };
}

function digitsOf(der: Buffer, name: string): number[] {
  const found: number[] = [];
  for (let at = der.indexOf(name); at >= 0; at = der.indexOf(name, at + 1)) {
    for (let index = 0; index < name.length; index++) if (/\d/.test(name[index] ?? '')) found.push(at + index);
  }
  return found;
}

/** The template as another cluster's: with numbers, node names, addresses and authority of its own. */
export function toOwnCertificate({ der, digits, octets }: CertificateTemplate, random: () => number): Buffer {
  const own = Buffer.from(der);
  for (const at of digits) own[at] = 0x30 + Math.floor(random() * 10);
  for (const at of octets) own[at] = 2 + Math.floor(random() * 250);
  return own;
}
