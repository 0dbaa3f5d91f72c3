import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import type { Component } from '@kubecensus/shared/vocabulary';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLab, type Lab } from '../lab.ts';
import type { LabTruth } from '../truth.ts';

let lab: Lab;
let truths: LabTruth[] = [];

beforeAll(async () => {
  lab = createLab({ hosts: 500, seed: 6, components: true });
  await lab.start();
  truths = lab.truth(1);
});
afterAll(() => lab.close());

function all(component: Component): LabTruth[] {
  const found = truths.filter((truth) => truth.component === component);
  expect(found.length, component).toBeGreaterThan(0);
  return found;
}

interface Page {
  status: number;
  body: string;
}

function ask({ address, port }: LabTruth, path: string, encrypted: boolean): Promise<Page> {
  const options = { host: address, port, path, rejectUnauthorized: false, agent: false as const, servername: '' };
  return new Promise((resolve, reject) => {
    const request = (encrypted ? https : http).get(options, (response) => {
      let body = '';
      response.on('data', (bytes: Buffer) => {
        body += bytes.toString();
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.once('error', reject);
    });
    request.once('error', reject);
  });
}

it('a kubelet answers /healthz as its exposure says, and 404 elsewhere', async () => {
  const statuses = new Set<number>();
  for (const truth of all('kubelet')) {
    const { status } = await ask(truth, '/healthz', true);
    statuses.add(status);
    expect({ 200: 'open', 401: 'silent', 403: 'silent' }[status]).toBe(truth.exposure);
    expect({ 200: null, 401: 'unauthorized', 403: 'forbidden' }[status]).toBe(truth.silence);
    expect((await ask(truth, '/', true)).status).toBe(404);
  }
  expect([...statuses].sort()).toEqual([200, 401, 403]);
});

it('components without authentication answer in plain HTTP', async () => {
  const pages = [
    ['kubelet-read-only', '/healthz', /^ok$/],
    ['kube-proxy-metrics', '/healthz', /^ok$/],
    ['etcd-metrics', '/health', /^\{"health":"true"\}$/],
    ['kube-proxy-health', '/healthz', /^\{"lastUpdated": "\d{4}-\d\d-\d\d [\d:.]+ \+0000 UTC","currentTime"/],
  ] as const;
  for (const [component, path, body] of pages) {
    const [truth] = all(component);
    const page = await ask(truth as LabTruth, path, false);
    expect(page.status).toBe(200);
    expect(page.body).toMatch(body);
  }
});

it('controller-manager and scheduler show a certificate for localhost and no version', async () => {
  for (const truth of [...all('kube-controller-manager'), ...all('kube-scheduler')]) {
    expect((await ask(truth, '/healthz', true)).body).toBe('ok');
    expect((await ask(truth, '/version', true)).status).toBe(404);
    expect(truth.exposure).toBe('present');
  }
});

/** What a client without a certificate meets: an error's code, or `secured` and the end of the connection. */
function handshake({ address, port }: LabTruth, maxVersion: tls.SecureVersion): Promise<string> {
  return new Promise((resolve) => {
    const socket = tls.connect({ host: address, port, rejectUnauthorized: false, maxVersion });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.write('GET /version HTTP/1.1\r\nConnection: close\r\n\r\n');
    socket.once('data', () => {
      socket.destroy();
      resolve('answered');
    });
  });
}

it('etcd refuses a client without a certificate, in TLS 1.2 and in 1.3, and answers where it asks for none', async () => {
  const outcomes = new Set<string>();
  for (const truth of [...all('etcd-client'), ...all('etcd-peer')]) {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const outcome = await handshake(truth, version);
      outcomes.add(outcome);
      expect(outcome === 'answered').toBe(truth.exposure === 'open');
      if (truth.exposure !== 'open') expect(truth.silence).toBe('client-certificate-required');
    }
  }
  expect(outcomes).toContain('answered');
  expect([...outcomes].some((outcome) => outcome.includes('ALERT'))).toBe(true);
});

it('a lab has no components unless it is asked for them', async () => {
  const plain = createLab({ hosts: 60, seed: 6 });
  await plain.start();
  expect(plain.targets().componentPorts).toEqual([]);
  const components = new Set(plain.truth(1).map(({ component }) => component));
  await plain.close();
  expect(components).toEqual(new Set(['kube-apiserver', null]));
});
