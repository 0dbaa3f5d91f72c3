import { parseAddress } from '@kubecensus/shared/addresses';
import { expect, test } from 'vitest';
import { toVantage } from './source-address.ts';

const LOCALS = [
  { name: 'lo', cidr: '127.0.0.1/8' },
  { name: 'lo', cidr: '::1/128' },
  { name: 'eth0', cidr: '192.168.7.20/24' },
  { name: 'wan0', cidr: '93.184.216.9/24' },
  { name: 'eth0', cidr: 'fe80::1/64' },
  { name: 'eth0', cidr: '2001:db9:5::20/64' },
];
// Default over wan0, 10.0.0.0/8 over eth0.
const ROUTES = `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
wan0\t00000000\t017100CB\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0000000A\t0107A8C0\t0003\t0\t0\t0\t000000FF\t0\t0\t0
`;

test.each([
  ['127.9.0.1', '127.0.0.1', 'this machine itself'],
  ['::1', '::1', 'this machine itself'],
  ['192.168.7.30', '192.168.7.20', '192.168.0.0/16'],
  ['10.2.3.4', '192.168.7.20', undefined],
  ['8.8.8.8', '93.184.216.9', undefined],
  ['93.184.216.77', '93.184.216.9', 'the same /24'],
  ['2001:db9:5:1::7', '2001:db9:5::20', 'the same /48'],
  ['2a00::1', '2001:db9:5::20', undefined],
])('a look at %s goes out from %s', (target, source, inside) => {
  const vantage = toVantage(parseAddress(target), LOCALS, ROUTES);
  expect(vantage.source).toBe(source);
  if (inside === undefined) expect(vantage.inside).toBeUndefined();
  else expect(vantage.inside).toContain(inside);
});

test('a machine without an address of the family does not tell', () => {
  expect(toVantage(parseAddress('2a00::1'), LOCALS.slice(0, 3), '').source).toBeUndefined();
});
