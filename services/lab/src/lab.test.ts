import type { X509Certificate } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DISTRIBUTIONS } from './distributions/index.ts';
import { createLab, type Lab } from './lab.ts';
import type { LabTruth } from './truth.ts';

let lab: Lab;

beforeEach(async () => {
  lab = createLab({ hosts: 120, seed: 11, record: true });
  await lab.start();
});
afterEach(() => lab.close());

const REQUEST_HEAD = 'Accept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n';

interface Answer {
  chain: X509Certificate[];
  status: number;
  head: string;
  body: string;
}

function ask(
  { address, port }: { address: string; port: number },
  options: { userAgent?: string; host?: string; servername?: string; maxVersion?: tls.SecureVersion } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: address,
      port,
      rejectUnauthorized: false,
      servername: options.servername ?? '',
      ...(options.maxVersion === undefined ? {} : { maxVersion: options.maxVersion }),
    });
    let text = '';
    const chain: X509Certificate[] = [];
    socket.once('secureConnect', () => {
      const leaf = socket.getPeerX509Certificate();
      for (let next = leaf; next !== undefined; next = next.issuerCertificate) chain.push(next);
      const agent = options.userAgent ?? 'Mozilla/5.0 (compatible; test)';
      socket.write(
        `GET /version HTTP/1.1\r\nHost: ${options.host ?? address}\r\nUser-Agent: ${agent}\r\n${REQUEST_HEAD}`,
      );
    });
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('utf8');
    });
    socket.once('end', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n', 2);
      resolve({ chain, status: Number(head.slice(9, 12)), head, body });
    });
    socket.once('error', reject);
  });
}

function find(matches: (truth: LabTruth) => boolean): LabTruth {
  const truth = lab.truth(1).find(matches);
  if (truth === undefined) throw new Error('the lab has no such host');
  return truth;
}

it('every API server shows the names, the status and the version that its truth says', async () => {
  const servers = lab.truth(1).filter(({ component }) => component === 'kube-apiserver');
  expect(servers.length).toBe(60);
  for (const truth of servers) {
    const answer = await ask(truth);
    const names = answer.chain[0]?.subjectAltName?.split(', ') ?? [];
    expect(names.includes('DNS:kubernetes.default.svc.cluster.local'), truth.distribution ?? '').toBe(truth.exactSan);
    expect(answer.status === 200).toBe(truth.answering);
    if (truth.silence === 'unauthorized') expect(answer.status).toBe(401);
    if (truth.silence === 'forbidden') expect(answer.status).toBe(403);
    if (!truth.answering) {
      expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', code: answer.status });
      continue;
    }
    const version = JSON.parse(answer.body) as { gitVersion: string; major: string; minor: string };
    expect(version.gitVersion).toBe(truth.gitVersion);
    expect(`${version.major}.${version.minor.replace('+', '')}`).toBe(truth.minor);
  }
});

it('every distribution is played, and a tenth of the API servers can only be called unknown', () => {
  const servers = lab.truth(1).filter(({ component }) => component === 'kube-apiserver');
  const verdicts = new Set(servers.map(({ distribution }) => distribution));
  const played = [...DISTRIBUTIONS.map(({ verdict }) => verdict), 'unknown'];
  expect([...verdicts].sort()).toEqual([...new Set(played)].sort());
  const mutated = servers.filter((truth) => truth.mutated !== undefined);
  expect(mutated.length).toBe(6);
  for (const truth of mutated) expect(truth).toMatchObject({ distribution: 'unknown', why: expect.any(String) });
});

it('the API server names its own client authorities in its request, and sends its leaf alone', async () => {
  const server = find(({ distribution }) => distribution === 'kubeadm');
  const { chain } = await ask(server);
  expect(chain.length).toBe(1);
  expect(chain[0]?.subject).toBe('CN=kube-apiserver');
  expect(chain[0]?.issuer).toBe('CN=kubernetes');
});

it('RKE2 and OpenShift send their authority in the chain', async () => {
  expect((await ask(find(({ distribution }) => distribution === 'rke2'))).chain.length).toBe(2);
  expect((await ask(find(({ distribution }) => distribution === 'openshift'))).chain.length).toBe(2);
});

it('Talos refuses a TLS 1.2 hello with alert 70 and answers TLS 1.3 with 401', async () => {
  const server = find(({ distribution }) => distribution === 'talos');
  await expect(ask(server, { maxVersion: 'TLSv1.2' })).rejects.toMatchObject({
    code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  });
  expect((await ask(server)).status).toBe(401);
});

it('the headers that identify a cluster stand on 200 and 403 and not on 401', async () => {
  const header = /X-Kubernetes-Pf-Flowschema-Uid: ([0-9a-f-]{36})/;
  const open = find(({ answering }) => answering);
  const first = header.exec((await ask(open)).head)?.[1];
  expect(first).toBeDefined();
  expect(header.exec((await ask(open)).head)?.[1]).toBe(first);
  expect((await ask(find(({ silence }) => silence === 'unauthorized'))).head).not.toMatch(header);
});

it('k3s adds what clients call it to its certificate, except for an agent that calls itself Mozilla', async () => {
  const server = find(({ distribution }) => distribution === 'k3s');
  const before = (await ask(server, { host: '192.0.2.1' })).chain[0]?.raw;
  expect((await ask(server)).chain[0]?.raw).toEqual(before);
  expect(lab.learned()).toEqual([]);

  await ask(server, { userAgent: 'curl/8.5.0', host: '192.0.2.7:6443' });
  await ask(server, { servername: 'scanner.example' });
  expect(lab.learned().map(({ name, from }) => [name, from])).toEqual([
    ['IP:192.0.2.7', 'host-header'],
    ['DNS:scanner.example', 'server-name'],
  ]);
  const names = (await ask(server)).chain[0]?.subjectAltName;
  expect(names).toContain('IP Address:192.0.2.7');
  expect(names).toContain('DNS:scanner.example');
});

it('what arrived is kept byte for byte: the hello and the request inside TLS', async () => {
  const server = find(({ answering }) => answering);
  lab.forget();
  await ask(server);
  const [arrival, ...others] = lab.recorded();
  expect(others).toEqual([]);
  expect(arrival).toMatchObject({ address: server.address, port: server.port });
  expect(arrival?.first.slice(0, 6)).toBe('160301');
  expect(arrival?.request).toBe(
    `GET /version HTTP/1.1\r\nHost: ${server.address}\r\nUser-Agent: Mozilla/5.0 (compatible; test)\r\n${REQUEST_HEAD}`,
  );
});

it('a server that needs a name shows nothing without one', async () => {
  const servers = lab.truth(1).filter(({ kind }) => kind === 'needs-name');
  expect(servers.length).toBeGreaterThan(2);
  for (const server of servers) {
    const chain = await ask(server).then(
      (answer) => answer.chain,
      () => [],
    );
    expect(chain).toEqual([]);
  }
  const codes = await Promise.all(
    servers.map((server) => ask(server, { servername: 'www.example' }).then(({ status }) => status)),
  );
  expect(new Set(codes)).toEqual(new Set([404]));
});

it('an address with no host refuses the connection', async () => {
  const { ranges, ports } = lab.targets();
  const busy = new Set(lab.truth(1).map(({ address }) => address));
  const network = ranges[0]?.split('/')[0] ?? '';
  const prefix = network.split('.').slice(0, 3).join('.');
  const free = Array.from({ length: 250 }, (_, last) => `${prefix}.${last + 1}`).find((address) => !busy.has(address));
  await expect(
    new Promise((resolve, reject) => {
      const socket = net.connect({ host: free ?? '', port: ports[0] ?? 0 });
      socket.once('connect', resolve);
      socket.once('error', reject);
    }),
  ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('where only 127.0.0.1 answers, the same population is told apart by port', async () => {
  const single = createLab({ hosts: 60, seed: 11, singleAddress: true });
  await single.start();
  try {
    const truths = single.truth(1);
    expect(new Set(truths.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']));
    const { ports } = single.targets();
    for (const { port } of truths) expect(ports).toContain(port);
    const server = truths.find(({ answering }) => answering);
    if (server === undefined) throw new Error('the lab has no such host');
    expect((await ask(server)).status).toBe(200);
  } finally {
    await single.close();
  }
});

it('a lab that is not running says so', () => {
  const idle = createLab({ hosts: 5, seed: 1 });
  expect(() => idle.targets()).toThrow('the lab is not running; call start first');
  expect(() => createLab({ hosts: 8001, seed: 1 })).toThrow('a lab has 1 to 8000 hosts, not 8001');
});
