import { describe, expect, it } from 'vitest';
import { assertOperatorContact } from './operator-contact.ts';

const url = 'https://scan.kubecensus.dev/about';
const mail = 'abuse@kubecensus.dev';

describe('the contact of an operator', () => {
  it.each([
    [url, mail],
    ['http://census.uni-research.de/', 'k8s-census+optout@cs.uni-research.de'],
    ['https://xn--mller-kva.de', 'ops@xn--mller-kva.de'],
  ])('is taken where it reaches somebody: %s, %s', (url, mail) => {
    expect(assertOperatorContact({ url, mail })).toEqual({ url, mail });
  });

  it.each([
    ['', mail, 'SCAN_CONTACT_MISSING', /operator URL is empty.*--operator-url/],
    [undefined, mail, 'SCAN_CONTACT_MISSING', /operator URL/],
    ['  ', mail, 'SCAN_CONTACT_MISSING', /operator URL/],
    [url, '', 'SCAN_CONTACT_MISSING', /operator mail address is empty.*--operator-mail/],
    [url, undefined, 'SCAN_CONTACT_MISSING', /mail/],
  ])('is missing: %j, %j', (url, mail, code, message) => {
    expect(() => assertOperatorContact({ url, mail })).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it.each([
    'https://example.org/scan',
    'https://scan.example.com',
    'https://EXAMPLE.NET./',
    'https://scan.example',
    'https://my.test/',
    'https://scan.invalid',
    'http://localhost/',
    'http://scan.localhost:8080/',
    'http://printer.local/',
    'http://router.home.arpa',
    'http://127.0.0.1/',
    'http://192.0.2.7/about',
    'http://[::1]/',
    'http://intranet/',
    'TODO',
    'todo',
    'https://TODO/',
    'https://your-domain.de/',
    'https://yourdomain.de/',
    'https://changeme.de/',
    'https://<host>/',
    'https://user:secret@scan.kubecensus.dev/',
    'ftp://scan.kubecensus.dev/',
    'scan.kubecensus.dev',
    'https://scan.kubecensus.dev/\r\nX: y',
    `https://scan.kubecensus.dev/${'a'.repeat(180)}`,
  ])('is refused with the URL %j', (url) => {
    expect(() => assertOperatorContact({ url, mail })).toThrow(
      expect.objectContaining({
        code: 'SCAN_CONTACT_PLACEHOLDER',
        message: expect.stringMatching(/^the operator URL ".*; give .*--operator-url$/),
      }),
    );
  });

  it.each([
    'abuse@example.org',
    'abuse@mail.example.com',
    'root@localhost',
    'me@host',
    'me@127.0.0.1',
    'nobody',
    'TODO',
    'your-mail@kubecensus.dev',
    'changeme@kubecensus.dev',
    'a b@kubecensus.dev',
    'abuse@kubecensus.dev\nBcc: x@y.de',
    'abuse@scan.test',
  ])('is refused with the mail address %j', (mail) => {
    expect(() => assertOperatorContact({ url, mail })).toThrow(
      expect.objectContaining({
        code: 'SCAN_CONTACT_PLACEHOLDER',
        message: expect.stringMatching(/^the operator mail address ".*; give .*--operator-mail$/),
      }),
    );
  });

  it('may be 200 characters long and not one more', () => {
    const long = `https://scan.kubecensus.dev/${'a'.repeat(200 - 28)}`;
    expect(long).toHaveLength(200);
    expect(assertOperatorContact({ url: long, mail }).url).toBe(long);
    expect(() => assertOperatorContact({ url: `${long}a`, mail })).toThrow(/200 or fewer/);
  });
});
