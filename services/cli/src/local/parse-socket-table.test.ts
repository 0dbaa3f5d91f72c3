import { formatTarget } from '@kubecensus/shared/addresses';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWildcard, parseSocketTable } from './parse-socket-table.ts';

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2811 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41202 1 0000000000000000 100 0 0 10 0
   1: 00000000:280F 00000000:0000 0A 00000000:00000001 00:00000000 00000000   998        0 41377 1 0000000000000000 100 0 0 10 0
   2: 0F02000A:094B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 40155 1 0000000000000000 100 0 0 10 0
   3: 0F02000A:192B 1002000A:C2F4 01 00000000:00000000 02:00000A2C 00000000     0        0 43360 2 0000000000000000 20 4 30 10 -1
   4: 0100007F:B0C2 0100007F:094B 06 00000000:00000000 03:00000655 00000000     0        0 0 3 0000000000000000
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:192B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41410 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:280A 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41411 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000F02000A:280B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41412 1 0000000000000000 100 0 0 10 0
   3: B80D01200000000000000000050A0000:094B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41413 1 0000000000000000 100 0 0 10 0
`;

function shown(text: string, order: 'LE' | 'BE' = 'LE'): string[] {
  return parseSocketTable(text, order).map(({ address, port, inode }) => `${formatTarget(address, port)} ${inode}`);
}

test('what listens is read from tcp, and what is connected or ended is not', () => {
  expect(shown(TCP)).toEqual(['127.0.0.1:10257 41202', '0.0.0.0:10255 41377', '10.0.2.15:2379 40155']);
});

test('tcp6 is read with its wildcard, its loopback and IPv4 inside IPv6', () => {
  expect(shown(TCP6)).toEqual([
    '[::]:6443 41410',
    '[::1]:10250 41411',
    '10.0.2.15:10251 41412',
    '[2001:db8::a05]:2379 41413',
  ]);
});

test('a machine that writes the highest byte first is read in its own order', () => {
  expect(shown(TCP.replaceAll('0100007F', '7F000001'), 'BE')[0]).toBe('127.0.0.1:10257 41202');
});

test('both wildcards are known as such, and no other address is', () => {
  const sockets = [...parseSocketTable(TCP, 'LE'), ...parseSocketTable(TCP6, 'LE')];
  expect(sockets.filter(({ address }) => isWildcard(address)).map(({ port }) => port)).toEqual([10_255, 6443]);
});

test('any text gives sockets with ports, and never an error', () => {
  const line = fc.stringMatching(
    /^ {0,3}[0-9]{1,3}: [0-9A-F]{0,40}:[0-9A-F]{4} 0+:0000 0[A1] 0:0 0:0 0 +0 +0 [0-9]{1,6}/,
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      for (const { port, inode } of parseSocketTable(lines.join('\n'))) {
        expect(port).toBeLessThanOrEqual(65_535);
        expect(inode).toMatch(/^\d+$/);
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});
