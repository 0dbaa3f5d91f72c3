import { parseVersionDocument } from '@kubecensus/shared/kubernetes';
import { COMPONENTS, type Component, EXPOSURES, type PresentReason, SILENCES } from '@kubecensus/shared/vocabulary';
import { describe, expect, it } from 'vitest';
import type { BodyKind, Facts } from '../fingerprint/facts.ts';
import { EXACT_SAN, exposure } from './exposure.ts';
import { EXPOSURE_RULES } from './exposure-rules.ts';

const VERSION = JSON.stringify({ gitVersion: 'v1.28.3', gitCommit: 'a'.repeat(40), gitTreeState: 'clean' });
const ETCD = JSON.stringify({ etcdserver: '3.5.12', etcdcluster: '3.5.0' });
const GRAFANA = JSON.stringify({ gitVersion: '1.32.0+grafana-v11.5.2', gitTreeState: 'grafana v11.5.2' });

function answered(component: Component, status: number, bodyKind: BodyKind, body = ''): Facts {
  const version = status === 200 && body !== '' ? parseVersionDocument(body) : undefined;
  return {
    component,
    port: 6443,
    issuers: [],
    http: { status, headers: new Map(), bodyKind },
    ...(version === undefined ? {} : { version }),
  };
}

function unanswered(component: Component, reason?: PresentReason): Facts {
  return { component, port: 6443, issuers: [], ...(reason === undefined ? {} : { reason }) };
}

function levelOf(facts: Facts): string {
  const { exposure: level, silence } = exposure(facts.component, facts);
  return silence === undefined ? level : `${level}: ${silence}`;
}

describe.each(['kube-apiserver', 'etcd-client', 'kubelet'] as const)('%s', (component) => {
  it.each([
    ['silent: unauthorized', answered(component, 401, 'status-object')],
    ['silent: forbidden', answered(component, 403, 'status-object')],
    ['silent: not-found', answered(component, 404, 'text')],
    ['silent: redirected', answered(component, 302, 'empty')],
    ['silent: server-error', answered(component, 503, 'text')],
    ['silent: unreadable', answered(component, 200, 'html')],
    ['silent: client-certificate-required', unanswered(component, 'client-certificate-required')],
    ['silent: no-answer', unanswered(component, 'no-answer')],
    ['silent: no-answer', unanswered(component, 'closed')],
    ['silent: unreadable', unanswered(component, 'malformed-answer')],
    ['silent: unreadable', unanswered(component, 'answer-too-large')],
    ['present', unanswered(component, 'first-flight-only')],
    ['present', unanswered(component, 'false-start-refused')],
    ['present', unanswered(component)],
  ])('is %s by exactly that evidence', (level, facts) => {
    expect(levelOf(facts)).toBe(level);
  });
});

it.each<[string, Facts]>([
  ['says-version', answered('kube-apiserver', 200, 'version-document', VERSION)],
  ['silent: unreadable', answered('kube-apiserver', 200, 'json', GRAFANA)],
  ['open', answered('kube-apiserver-insecure', 200, 'version-document', VERSION)],
  ['silent: unreadable', answered('kube-apiserver-insecure', 200, 'text')],
  ['open', answered('kubelet', 200, 'text')],
  ['open', answered('kubelet-read-only', 200, 'text')],
  ['open', answered('kube-proxy-metrics', 200, 'empty')],
  ['present', answered('kube-proxy-health', 200, 'json')],
  ['present', answered('kube-proxy-health', 503, 'json')],
  ['open', answered('etcd-client', 200, 'json', ETCD)],
  ['open', answered('etcd-peer', 200, 'json', ETCD)],
  ['silent: unreadable', answered('etcd-client', 200, 'json', GRAFANA)],
  ['open', answered('etcd-metrics', 200, 'json')],
  ['open', answered('etcd-metrics', 503, 'json')],
  ['present', answered('kube-controller-manager', 200, 'text')],
  ['silent: unauthorized', answered('kube-controller-manager', 401, 'status-object')],
  ['present', answered('kube-scheduler', 200, 'text')],
  ['silent: forbidden', answered('kube-scheduler', 403, 'status-object')],
])('%s is what the recorded kind of answer proves', (level, facts) => {
  expect(levelOf(facts)).toBe(level);
});

it('every component has its line, and every level is of the vocabulary', () => {
  expect(Object.keys(EXPOSURE_RULES).sort()).toEqual([...COMPONENTS].sort());
  for (const { levels } of Object.values(EXPOSURE_RULES)) {
    for (const { exposure: level, silence } of levels) {
      expect(EXPOSURES).toContain(level);
      expect(level === 'silent').toBe(silence !== undefined);
      if (silence !== undefined) expect(SILENCES).toContain(silence);
    }
  }
});

it('what the request cannot show is named as not measured, never as a level', () => {
  const open = answered('kubelet', 200, 'text');
  expect(exposure('kubelet', open).notMeasured.length).toBeGreaterThan(0);
  expect(exposure('kubelet-read-only', open).notMeasured).toEqual([]);
});

it('only the exact name counts as the exact name', () => {
  const withNames = (...dnsNames: string[]): Facts => ({
    ...unanswered('kube-apiserver'),
    leaf: { dnsNames, ipAddresses: [] },
  });
  expect(exposure('kube-apiserver', withNames(EXACT_SAN)).exactSan).toBe(true);
  expect(
    exposure('kube-apiserver', withNames('kubernetes.default.svc', 'kubernetes.default.svc.kspray4.local')).exactSan,
  ).toBe(false);
  expect(exposure('kube-apiserver', unanswered('kube-apiserver')).exactSan).toBe(false);
});

it('answering is a 200 with a version, nothing else', () => {
  expect(exposure('kube-apiserver', answered('kube-apiserver', 200, 'version-document', VERSION)).answering).toBe(true);
  expect(exposure('kube-apiserver', answered('kube-apiserver', 200, 'json', GRAFANA)).answering).toBe(false);
  expect(exposure('kube-apiserver', answered('kube-apiserver', 401, 'status-object')).answering).toBe(false);
});
