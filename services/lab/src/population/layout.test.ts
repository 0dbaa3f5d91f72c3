import { expect, it } from 'vitest';
import { createLayout, type LayoutOptions } from './layout.ts';

function layout(options: Partial<LayoutOptions> = {}) {
  return createLayout({
    seed: 1,
    hosts: 100,
    network: '127.40.0.0',
    portShift: false,
    singleAddress: false,
    copies: false,
    ...options,
  });
}

it('about one address in eight is taken, and every slot has an address in the scanned range', () => {
  const { slots, order, endpoint, targets } = layout();
  expect(slots).toBe(1024);
  expect(new Set(order).size).toBe(1024);
  expect(targets([443]).ranges).toEqual(['127.40.0.0/22']);
  expect(endpoint(0, 443)).toEqual({ address: '127.40.0.0', port: 443 });
  expect(endpoint(1023, 443)).toEqual({ address: '127.40.3.255', port: 443 });
});

it('in port-shift mode low ports move up, in endpoints and targets alike', () => {
  const { endpoint, targets } = layout({ portShift: true });
  expect(endpoint(5, 443).port).toBe(10_443);
  expect(endpoint(5, 6443).port).toBe(6443);
  expect(targets([443, 6443]).ports).toEqual([10_443, 6443]);
});

it('on one address, hosts are told apart by port, below the range that clients connect from', () => {
  const { slots, endpoint, targets } = layout({ singleAddress: true });
  expect(targets([443]).ranges).toEqual(['127.0.0.1/32']);
  expect(targets([443]).ports.length).toBe(slots);
  expect(endpoint(0, 443)).toEqual({ address: '127.0.0.1', port: 10_000 });
  const ports = layout({ singleAddress: true, hosts: 8000 }).targets([443]).ports;
  expect(Math.max(...ports)).toBe(31_999);
});

it.each(['128.0.0.0', '127.40.0.1', '10.0.0.0'])('a block at %s is refused by name', (network) => {
  expect(() => layout({ network })).toThrow(`${network} cannot hold a /22 inside 127.0.0.0/8`);
});
