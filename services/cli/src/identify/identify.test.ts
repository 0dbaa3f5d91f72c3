import { parseAddress } from '@kubecensus/shared/addresses';
import { expect, test } from 'vitest';
import { toProbingText, toSecurityText } from './contact-files.ts';
import type { Identity } from './identity.ts';
import { toOperatorPage } from './operator-page.ts';
import { toPtrAdvice, toReverseName } from './ptr-advice.ts';
import { toScanManifest } from './scan-manifest.ts';

const identity: Identity = {
  operator: { url: 'https://census.kube-survey.net/why', mail: 'ops@kube-survey.net' },
  purpose: 'a <b>weekly</b> census & more',
  sources: ['192.0.2.7', '2001:db8::7'],
  version: '0.1.0',
  writtenAt: new Date('2026-03-01T00:00:00Z'),
  expiresAt: new Date('2026-08-28T00:00:00Z'),
  keyFingerprint: 'SHA256:abc',
  scan: undefined,
};

test('security.txt and probing.txt have what their RFCs require, one field a line', () => {
  const fields = (text: string) =>
    text
      .split('\r\n')
      .filter(Boolean)
      .map((line) => line.split(': ')[0]);
  expect(fields(toSecurityText(identity))).toEqual(expect.arrayContaining(['Contact', 'Expires', 'Canonical']));
  expect(fields(toProbingText({ ...identity, purpose: 'two\r\nContact: lines' }))).toEqual([
    'Canonical',
    'Contact',
    'Expires',
    'Preferred-Languages',
    'Description',
  ]);
  expect(toSecurityText(identity)).toContain('Expires: 2026-08-28T00:00:00.000Z\r\n');
});

test('the page escapes what it is told, and names every request that is sent', () => {
  const page = toOperatorPage(identity);
  expect(page).toContain('a &#60;b&#62;weekly&#60;/b&#62; census &#38; more');
  for (const request of ['GET /version', 'GET /healthz']) expect(page).toContain(request);
  expect(page).not.toMatch(/<script|<img|src=/);
});

test('addresses are turned round as DNS wants them, and lead to names that lead back', () => {
  expect(toReverseName(parseAddress('192.0.2.7'))).toBe('7.2.0.192.in-addr.arpa.');
  expect(toReverseName(parseAddress('2001:db8::7'))).toMatch(/^7\.0\.0\..*\.8\.b\.d\.0\.1\.0\.0\.2\.ip6\.arpa\.$/);
  const advice = toPtrAdvice(identity);
  expect(advice).toContain('7.2.0.192.in-addr.arpa. IN PTR kubecensus-1.census.kube-survey.net.');
  expect(advice).toContain('kubecensus-2.census.kube-survey.net. IN AAAA 2001:db8::7');
  expect(toPtrAdvice({ ...identity, sources: [] })).toContain('--source');
});

test('the manifest tells machines the operator, the sources and each request', () => {
  expect(toScanManifest(identity)).toMatchObject({
    operator: identity.operator,
    sources: identity.sources,
    connectionsPerTarget: { usual: 1, most: 2 },
    scan: null,
  });
});
