import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { parseRange } from '../../../../shared/src/addresses/index.ts';
import type { Database } from '../../../../shared/src/database/index.ts';
import { insertExclusion } from '../../../../shared/src/exclusions/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { createInbox } from '../../../../test/support/inbox.ts';
import { createKeyText, toKeyHash } from '../access/api-key.ts';
import { findViewer, insertKey, revokeKey } from '../queries/api-keys.ts';
import { insertClaim, listClaims } from '../queries/range-claims.ts';
import { createPageReader } from './live-world.ts';
import { createOwnershipService } from './ownership-service.ts';
import { proveClaims } from './prove-claims.ts';
import { proveRange, type ReadPage, type Resolver } from './prove-range.ts';
import { MAX_ZONES, toReverseZones } from './reverse-zones.ts';

const TOKEN = 'kubecensus-owner-token';

class NoData extends Error {
  readonly code = 'ENODATA';
}

/** Name servers that know what they are given, and nothing else. */
function namesOf(records: {
  txt?: Record<string, string[]>;
  ptr?: Record<string, string[]>;
  hosts?: Record<string, string[]>;
}): Resolver {
  const find = async (of: Record<string, string[]> | undefined, name: string) => {
    const found = of?.[name];
    if (found === undefined) throw new NoData(name);
    return found;
  };
  return {
    texts: (name) => find(records.txt, name),
    pointers: (address) => find(records.ptr, address),
    addresses: (name) => find(records.hosts, name),
  };
}

const noPage: ReadPage = async () => {
  throw new Error('nothing listens');
};
const prove = (range: string, resolver: Resolver, readPage = noPage) =>
  proveRange({ range, token: TOKEN }, { resolver, readPage });

it.each([
  ['203.0.113.0/24', ['113.0.203.in-addr.arpa']],
  ['10.0.0.0/8', ['10.in-addr.arpa']],
  ['203.0.113.7', ['7.113.0.203.in-addr.arpa']],
  ['203.0.112.0/23', ['112.0.203.in-addr.arpa', '113.0.203.in-addr.arpa']],
  [
    '203.0.113.254-203.0.114.255',
    ['254.113.0.203.in-addr.arpa', '255.113.0.203.in-addr.arpa', '114.0.203.in-addr.arpa'],
  ],
  ['2001:db8::/32', ['8.b.d.0.1.0.0.2.ip6.arpa']],
  ['203.0.113.0/25', undefined],
  ['203.0.0.0/20', Array.from({ length: MAX_ZONES }, (_, at) => `${at}.0.203.in-addr.arpa`)],
  ['203.0.0.0/19', undefined],
])('the reverse zones of %s cover it and nothing else', (range, zones) => {
  expect(toReverseZones(parseRange(range))).toEqual(zones);
});

it('a prefix is proved by the token in all its reverse zones, and not by some of them', async () => {
  const zone = (at: number) => `_kubecensus.${at}.0.203.in-addr.arpa`;
  const both = { [zone(112)]: ['other', TOKEN], [zone(113)]: [TOKEN] };
  expect(await prove('203.0.112.0/23', namesOf({ txt: both }))).toEqual({ proof: 'reverse-zone' });
  const one = await prove('203.0.112.0/23', namesOf({ txt: { [zone(112)]: [TOKEN] } }));
  expect(one).toEqual({ problems: [expect.stringContaining('113.0.203')] });
  expect(await prove('203.0.113.0/25', namesOf({}))).toEqual({ problems: [expect.stringContaining('in parts')] });
});

it('a pointer proves one address only where its host has that address and the token', async () => {
  const [address, host] = ['198.51.100.7', 'host.example.org'];
  const [ptr, txt] = [{ [address]: ['a.example.net', host] }, { [`_kubecensus.${host}`]: [TOKEN] }];
  expect(await prove(address, namesOf({ ptr, txt, hosts: { [host]: [address] } }))).toEqual({ proof: 'pointer' });
  // Anybody can point at a host of somebody else's, and a host can have the token for another address.
  for (const hosts of [{ [host]: ['198.51.100.8', 'no address'] }, {}]) {
    expect(await prove(address, namesOf({ ptr, txt, hosts }))).toMatchObject({ problems: expect.any(Array) });
  }
  expect(await prove(address, namesOf({ txt, hosts: { [host]: [address] } }))).toMatchObject({
    problems: expect.any(Array),
  });
  const same = namesOf({ ptr: { '2001:db8::1': [host] }, txt, hosts: { [host]: ['2001:DB8:0::1'] } });
  expect(await prove('2001:db8::1', same)).toEqual({ proof: 'pointer' });
  // It says nothing of the addresses beside it.
  expect(await prove('198.51.100.0/24', namesOf({ ptr, txt, hosts: { [host]: [address] } }))).toMatchObject({
    problems: [expect.any(String)],
  });
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: RequestListener): Promise<ReadPage> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return createPageReader((server.address() as AddressInfo).port);
}

it('a token file proves the address that serves it; redirects, large pages and other tokens do not', async () => {
  const asked: (string | undefined)[] = [];
  const good = await serve((request, response) => {
    asked.push(request.headers.host, request.url);
    response.end(`# ours\r\n${TOKEN}\r\n`);
  });
  expect(await prove('127.0.0.1', namesOf({}), good)).toEqual({ proof: 'token-file' });
  expect(asked).toEqual(['127.0.0.1', '/.well-known/kubecensus-owner.txt']);
  const refusals: RequestListener[] = [
    (_request, response) => response.writeHead(302, { location: '/token' }).end(TOKEN),
    (_request, response) => response.end(`${'x'.repeat(5000)}\n${TOKEN}\n`),
    (_request, response) => response.end(`not ${TOKEN}\n`),
    (request) => request.socket.destroy(),
  ];
  for (const refusal of refusals) {
    const outcome = await prove('127.0.0.1', namesOf({}), await serve(refusal));
    expect(outcome).toEqual({ problems: expect.arrayContaining([expect.stringContaining('token-file')]) });
  }
});

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function addOwner(): Promise<{ keyId: number; hash: Buffer }> {
  const hash = toKeyHash(createKeyText()) ?? Buffer.alloc(0);
  const key = {
    hash,
    role: 'owner' as const,
    label: 'test',
    ranges: ['192.0.2.0/24'],
    expiresAt: new Date('2100-01-01'),
  };
  return { keyId: (await insertKey(database.pool(), key)).keyId, hash };
}

it('a claim opens nothing until it is proved, keeps its token, and closes again when its proof ran out', async () => {
  const { keyId, hash } = await addOwner();
  const pool = database.pool('writer');
  const rangesNow = async () => (await findViewer(database.pool('reader'), hash))?.ranges;
  const claim = await insertClaim(pool, { keyId, range: '203.0.113.0/24', token: TOKEN });
  expect(await insertClaim(pool, { keyId, range: '203.0.113.0/24', token: 'another' })).toEqual(claim);
  expect(await insertClaim(pool, { keyId: 999, range: '203.0.113.0/24', token: TOKEN })).toBeUndefined();
  expect(await rangesNow()).toEqual(['192.0.2.0/24']);
  const world = { resolver: namesOf({ txt: { '_kubecensus.113.0.203.in-addr.arpa': [TOKEN] } }), readPage: noPage };
  const nobody = { resolver: namesOf({}), readPage: noPage };
  expect(await proveClaims(pool, nobody)).toMatchObject([{ outcome: { problems: [expect.any(String)] } }]);
  expect(await rangesNow()).toEqual(['192.0.2.0/24']);
  // Looked at a moment ago: not due.
  expect(await proveClaims(pool, world)).toEqual([]);
  expect(await proveClaims(pool, world, { all: true })).toMatchObject([{ outcome: { proof: 'reverse-zone' } }]);
  expect(await rangesNow()).toEqual(['192.0.2.0/24', '203.0.113.0/24']);
  // A look that fails leaves the last proof until its day.
  await proveClaims(pool, nobody, { all: true });
  expect(await rangesNow()).toEqual(['192.0.2.0/24', '203.0.113.0/24']);
  expect(await listClaims(pool)).toMatchObject([{ problem: expect.any(String), provedBy: 'reverse-zone' }]);
  await pool.query(`UPDATE range_claims SET proved_until = now() - interval '1 second'`);
  expect(await rangesNow()).toEqual(['192.0.2.0/24']);
  await revokeKey(database.pool(), keyId);
  expect(await listClaims(pool)).toEqual([]);
});

it('claims are looked at again as they come due, by a service that ends when it is told to', async () => {
  const { keyId } = await addOwner();
  const pool = database.pool('writer');
  await insertClaim(pool, { keyId, range: '198.51.100.0/24', token: TOKEN });
  const looks = createInbox<object>();
  const log = { info: (fields: object) => looks.put(fields), warn: (fields: object) => looks.put(fields) };
  const resolver = namesOf({ txt: { '_kubecensus.100.51.198.in-addr.arpa': [TOKEN] } });
  const service = createOwnershipService({ pool, resolver, readPage: noPage, log, everyMs: 20 });
  await service.start();
  await looks.until(1);
  await pool.query(`UPDATE range_claims SET last_checked_at = now() - interval '25 hours'`);
  await looks.until(2);
  await service.close();
  expect(looks.items).toMatchObject([{ proof: 'reverse-zone' }, { proof: 'reverse-zone' }]);
});

it('an address that an exclusion covers is asked for no token file, and says why; another address is', async () => {
  const { keyId } = await addOwner();
  const pool = database.pool('writer');
  const asked: string[] = [];
  const readPage: ReadPage = async (address) => {
    asked.push(address);
    return TOKEN;
  };
  await insertExclusion(pool, {
    range: parseRange('203.0.113.0/25'),
    validUntil: undefined,
    reason: 'asked for',
    requestedBy: undefined,
  });
  for (const range of ['203.0.113.7', '::ffff:203.0.113.7', '203.0.113.200']) {
    await insertClaim(pool, { keyId, range, token: TOKEN });
  }
  const looks = await proveClaims(pool, { resolver: namesOf({}), readPage }, { all: true });
  const outcomes = looks.filter((look) => look.keyId === keyId).map(({ outcome }) => outcome);
  expect(asked).toEqual(['203.0.113.200']);
  const covered = { problems: expect.arrayContaining([expect.stringContaining('an exclusion covers')]) };
  expect(outcomes).toEqual([covered, covered, { proof: 'token-file' }]);
  await revokeKey(database.pool(), keyId);
});
