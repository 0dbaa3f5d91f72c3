import type { AnswerSeen, FlightNames, Recognition } from './define-component.ts';

/** `etcd-ca`, `etcd-server-ca@1700000000`, `kube-etcd`, `etcd-member-node1`, `O=etcd`: every installer says the word. */
const ETCD = /(^|[^a-z])etcd([^a-z]|$)/;

/** An etcd certificate holds no `kubernetes.*` name: its issuer, its subject or the CA that it names for clients tell. */
export function recogniseEtcdFlight(names: FlightNames): Recognition {
  if (names.dnsNames.some((name) => name === 'kubernetes' || name.startsWith('kubernetes.'))) return 'none';
  const texts = [names.issuer, names.subject, ...names.clientCaNames];
  return texts.some((text) => ETCD.test(text.toLowerCase())) ? 'component' : 'none';
}

/** `{"etcdserver":"3.5.12","etcdcluster":"3.5.0"}`. */
export function recogniseEtcdVersion(answer: AnswerSeen): Recognition {
  return answer.status === 200 && /^\s*\{\s*"etcdserver":/.test(answer.text.slice(0, 100)) ? 'component' : 'none';
}
