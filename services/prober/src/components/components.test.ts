import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMPONENTS } from '@kubecensus/shared/vocabulary';
import { describe, expect, it } from 'vitest';
import { readRecordings } from '../../../../test/support/prober/recordings.ts';
import { handshakeOf } from '../../../../test/support/prober/scripted-tls.ts';
import { LazyFlightNames } from '../flight-names.ts';
import { parseFirstFlight } from '../wire/first-flight.ts';
import { type AnswerSeen, COMPONENT_DEFINITIONS, type FlightNames } from './index.ts';

const definitions = Object.values(COMPONENT_DEFINITIONS);

/** Where each recording is recognised; everywhere else it is not. */
const RECOGNISED_AS: Record<string, Record<string, string>> = {
  'kube-apiserver-defaults': { 'kube-apiserver': 'component' },
  'kube-apiserver-forbidden': { 'kube-apiserver': 'component' },
  'kube-apiserver-unauthorized': { 'kube-apiserver': 'component' },
  'kubelet-anonymous-off': { kubelet: 'component' },
  'kubelet-anonymous-on': { kubelet: 'component' },
  // The port tells these two apart; to an API server's and a kubelet's probe both are look-alikes.
  'kube-controller-manager': {
    'kube-controller-manager': 'component',
    'kube-scheduler': 'look-alike',
    'kube-apiserver': 'look-alike',
    kubelet: 'look-alike',
  },
  'kube-scheduler': {
    'kube-scheduler': 'component',
    'kube-controller-manager': 'look-alike',
    'kube-apiserver': 'look-alike',
    kubelet: 'look-alike',
  },
  'etcd-client': { 'etcd-client': 'component', 'etcd-peer': 'component' },
  'etcd-peer': { 'etcd-client': 'component', 'etcd-peer': 'component' },
};

const recorded = readRecordings().flatMap(({ name, port, firstFlight }) =>
  firstFlight === undefined || !(name in RECOGNISED_AS) ? [] : [{ name, port, firstFlight }],
);

it('all recordings of a first flight are judged here', () => {
  expect(recorded.map(({ name }) => name).sort()).toEqual(Object.keys(RECOGNISED_AS).sort());
});

describe.each(recorded)('the recorded first flight of $name', ({ name, port, firstFlight }) => {
  it.each(definitions.filter(({ transport }) => transport === 'tls').map((definition) => definition.name))(
    'is judged by the rules of %s',
    (component) => {
      const handshake = handshakeOf(firstFlight);
      const flight = parseFirstFlight(handshake, handshake.length);
      const [leaf] = flight.chain.map(({ start, end }) => handshake.subarray(start, end));
      const clientCas = flight.certificateRequest?.clientCas.map(({ start, end }) => handshake.subarray(start, end));
      const verdict = COMPONENT_DEFINITIONS[component].recogniseFlight(new LazyFlightNames(port, leaf, clientCas));
      expect(verdict).toBe(RECOGNISED_AS[name]?.[component] ?? 'none');
    },
  );
});

function names(seen: Partial<FlightNames>): FlightNames {
  return {
    port: 6443,
    subject: '',
    commonName: '',
    issuer: '',
    issuerCommonName: '',
    dnsNames: [],
    clientCaNames: [],
    isCertificateRequested: false,
    ...seen,
  };
}

describe('the rules of kube-apiserver', () => {
  const { recogniseFlight, recogniseAnswer } = COMPONENT_DEFINITIONS['kube-apiserver'];

  it.each([
    ['the short service name', { dnsNames: ['host', 'kubernetes'] }],
    ['the service name of the default namespace', { dnsNames: ['kubernetes.default'] }],
    ['the service name with svc', { dnsNames: ['kubernetes.default.svc'] }],
    ['a domain of its own', { dnsNames: ['kubernetes.default.svc.kspray4.local'] }],
    ["The Hard Way's typing error", { dnsNames: ['kubernetes.svc.cluster.local'] }],
    ['the certificate that it makes for itself', { commonName: 'apiserver-loopback-client@1700000000' }],
    [
      'a public certificate, and the CAs of the aggregation layer',
      { dnsNames: ['api.example.org'], clientCaNames: ['kubernetes', 'front-proxy-ca'] },
    ],
    [
      "k3s' request header CA",
      { dnsNames: ['a.example'], clientCaNames: ['k3s-client-ca@1622498168', 'k3s-request-header-ca@1622498168'] },
    ],
    [
      "OpenShift's aggregator signer",
      { dnsNames: ['api.example.org'], clientCaNames: ['admin-kubeconfig-signer', 'aggregator-signer'] },
    ],
    [
      "MicroK8s' certificate on the API server's port",
      { subject: 'O=Canonical, CN=127.0.0.1', commonName: '127.0.0.1', dnsNames: ['kubernetes'], port: 16_443 },
    ],
  ])('know it by %s', (_, seen) => {
    expect(recogniseFlight(names(seen))).toBe('component');
  });

  it.each([
    [
      'controller-manager and scheduler',
      { commonName: 'localhost@1701251629', clientCaNames: ['kubernetes', 'front-proxy-ca'] },
    ],
    ["Traefik's default certificate", { commonName: 'TRAEFIK DEFAULT CERT' }],
    ["ingress-nginx' fake certificate", { commonName: 'Kubernetes Ingress Controller Fake Certificate' }],
    ["RKE2's supervisor", { subject: 'O=rke2, CN=rke2', commonName: 'rke2', dnsNames: ['kubernetes'] }],
    ["k0s' join port", { commonName: 'k0s-api', dnsNames: ['kubernetes'] }],
    [
      "MicroK8s' cluster agent",
      { subject: 'O=Canonical, CN=127.0.0.1', commonName: '127.0.0.1', dnsNames: ['kubernetes'], port: 25_000 },
    ],
    [
      'an extension API server',
      { dnsNames: ['metrics-server.kube-system.svc'], clientCaNames: ['kubernetes', 'front-proxy-ca'] },
    ],
  ])('know %s as something else', (_, seen) => {
    expect(recogniseFlight(names(seen))).toBe('look-alike');
  });

  it.each([
    ['a shop', { commonName: 'shop.example', dnsNames: ['shop.example'] }],
    [
      'a kubelet, which names one CA',
      { commonName: 'cp-1@1795295685', dnsNames: ['cp-1'], clientCaNames: ['kubernetes'] },
    ],
    ['a site about Kubernetes', { dnsNames: ['kubernetes.io', 'kubernetes.default.example'] }],
    ['etcd', { commonName: 'node', dnsNames: ['localhost'], clientCaNames: ['etcd-ca'] }],
    ['nothing', {}],
  ])('do not know %s', (_, seen) => {
    expect(recogniseFlight(names(seen))).toBe('none');
  });

  const version = JSON.stringify({
    major: '1',
    minor: '29',
    gitVersion: 'v1.29.3',
    gitCommit: 'faecb196815e248d3ecfb03c680a4507229c2a56',
    gitTreeState: 'clean',
  });
  it.each([
    ['a version document', 200, [], version, 'component'],
    ['a Status of 401', 401, [], '{\n  "kind": "Status",\n  "apiVersion": "v1",\n  "code": 401\n}', 'component'],
    ['a flow schema header', 403, [['x-kubernetes-pf-flowschema-uid', 'a']], 'x', 'component'],
    [
      "Grafana's version",
      200,
      [],
      '{"major":"1","minor":"32","gitVersion":"1.32.0+grafana-v11.5.2","gitTreeState":"grafana v11.5.2"}',
      'look-alike',
    ],
    ["gunicorn behind MicroK8s' certificate", 404, [['server', 'gunicorn/19.7.1']], '', 'look-alike'],
    ['a web page', 200, [], '<html>', 'none'],
    ['a plain 401', 401, [], 'Unauthorized', 'none'],
  ] as const)('judge %s', (_, status, headers, text, verdict) => {
    expect(recogniseAnswer(seen(6443, status, text, headers))).toBe(verdict);
  });
});

function seen(
  port: number,
  status: number,
  text: string,
  headers: readonly (readonly [string, string])[] = [],
): AnswerSeen {
  return { port, status, text, header: (name) => headers.find(([header]) => header === name)?.[1] };
}

describe('the rules of the kubelet', () => {
  const { recogniseFlight, recogniseAnswer } = COMPONENT_DEFINITIONS.kubelet;
  it.each([
    ['its own certificate', { commonName: 'node@1691734963', issuerCommonName: 'node-ca@1691734962' }, 'component'],
    ['a rotated certificate', { commonName: 'system:node:worker-1' }, 'component'],
    [
      "k3s' certificate, by the one CA that it names",
      { port: 10_250, commonName: 'node', clientCaNames: ['k3s-client-ca@1622498168'] },
      'component',
    ],
    ['the one CA on another port', { port: 8443, commonName: 'node', clientCaNames: ['kubernetes'] }, 'none'],
    ['an API server', { port: 10_250, dnsNames: ['kubernetes'], clientCaNames: ['kubernetes'] }, 'none'],
  ])('judge %s', (_, flight, verdict) => {
    expect(recogniseFlight(names(flight))).toBe(verdict);
  });

  it('know the refusal of an unauthorised request by its words', () => {
    expect(
      recogniseAnswer(
        seen(10_250, 403, 'Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource=proxy)'),
      ),
    ).toBe('component');
    expect(recogniseAnswer(seen(10_250, 403, 'Forbidden'))).toBe('none');
  });
});

describe('etcd', () => {
  const { recogniseFlight, recogniseAnswer } = COMPONENT_DEFINITIONS['etcd-client'];
  it.each([
    ['kubeadm', { commonName: 'cp-1', issuer: 'CN=etcd-ca' }],
    ['k3s', { issuer: 'CN=etcd-server-ca@1622498168' }],
    ['RKE1', { subject: 'CN=kube-etcd' }],
    ['Kubespray', { subject: 'CN=etcd-member-node1' }],
    ['Talos', { issuer: 'O=etcd' }],
    ['a CA of its own, named for clients', { clientCaNames: ['my etcd CA'] }],
  ])('of %s is known', (_, flight) => {
    expect(recogniseFlight(names(flight))).toBe('component');
  });

  it('is not seen in a word that holds its letters, nor in an API server', () => {
    expect(recogniseFlight(names({ subject: 'CN=fetcdata' }))).toBe('none');
    expect(recogniseFlight(names({ dnsNames: ['kubernetes'], clientCaNames: ['etcd-ca'] }))).toBe('none');
  });

  it('is known by its version', () => {
    expect(recogniseAnswer(seen(2379, 200, '{"etcdserver":"3.5.12","etcdcluster":"3.5.0"}'))).toBe('component');
  });
});

describe('plain ports are judged by their answer', () => {
  const ok = (port: number) => seen(port, 200, 'ok', [['content-type', 'text/plain; charset=utf-8']]);
  it.each([
    ['kubelet-read-only', ok(10_255), 'component'],
    ['kubelet-read-only', ok(80), 'none'],
    ['kube-proxy-metrics', ok(10_249), 'component'],
    ['kube-proxy-metrics', seen(10_249, 200, 'ok', [['content-type', 'text/html']]), 'none'],
    [
      'kube-proxy-health',
      seen(10_256, 200, '{"lastUpdated": "2026-09-30 09:40:02.118 +0000 UTC","currentTime": "x","nodeEligible": true}'),
      'component',
    ],
    ['kube-proxy-health', seen(10_256, 200, 'ok'), 'none'],
    ['etcd-metrics', seen(2381, 200, '{"health":"true"}'), 'component'],
    ['etcd-metrics', seen(2381, 503, '{"health":"false","reason":"x"}'), 'component'],
    ['etcd-metrics', seen(2381, 200, '{"status":"up"}'), 'none'],
    ['kube-apiserver-insecure', seen(8080, 200, '<html>'), 'none'],
    [
      'kube-apiserver-insecure',
      seen(8080, 200, '{"gitVersion":"1.32.0+grafana-v11.5.2","gitTreeState":"grafana v11.5.2"}'),
      'look-alike',
    ],
  ] as const)('%s', (component, answer, verdict) => {
    expect(COMPONENT_DEFINITIONS[component].recogniseAnswer(answer)).toBe(verdict);
  });
});

it('an answer that carries the time is the same evidence at any time', () => {
  const { steadyBody } = COMPONENT_DEFINITIONS['kube-proxy-health'];
  const at = (time: string) => `{"lastUpdated": "${time}","currentTime": "${time}","nodeEligible": true}`;
  expect(steadyBody?.(at('2026-09-30 09:40:02.118 +0000 UTC'))).toBe(
    steadyBody?.(at('2027-01-01 00:00:00 +0000 UTC m=+1.5')),
  );
  expect(steadyBody?.(at('x'))).toContain('"nodeEligible": true');
});

it('every component of the vocabulary is one file of that name', () => {
  const files = readdirSync(fileURLToPath(new URL('.', import.meta.url))).map((file) => file.replace('.ts', ''));
  for (const component of COMPONENTS) {
    expect(files).toContain(component);
    expect(COMPONENT_DEFINITIONS[component].name).toBe(component);
  }
});

it('a component asks for one page, and for no more than a health check, a version or a health', () => {
  for (const { request, sends, transport } of definitions) {
    expect(request.method).toBe('GET');
    expect(['/version', '/healthz', '/health']).toContain(request.path);
    expect(sends.at(-1)).toBe('request');
    expect(sends).toHaveLength(transport === 'tls' ? 3 : 1);
  }
});
