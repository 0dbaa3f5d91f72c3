import { expect, test } from 'vitest';
import { readApiConfig } from './config.ts';

const of = (text: string) => readApiConfig({ API_TRUSTED_PROXIES: text }).trustedProxies;

test('proxies are addresses and prefixes, and none is trusted unless told', () => {
  expect(readApiConfig({})).not.toHaveProperty('trustedProxies');
  expect(of('10.0.0.7, 192.0.2.0/24,fd00::/64,::1')).toBe('10.0.0.7, 192.0.2.0/24,fd00::/64,::1');
});

test.each(['true', '1', '10.0.0.7,', '10.0.0.1-10.0.0.9', '10.0.0.300', '10.0.0.0/33', '0.0.0.0/0', '::/0', 'a proxy'])(
  '%j is refused by the name of its variable',
  (text) => {
    expect(() => of(text)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('API_TRUSTED_PROXIES') }),
    );
  },
);
