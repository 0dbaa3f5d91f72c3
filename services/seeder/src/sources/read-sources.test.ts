import { AddressError, AddressSetBuilder, formatRange, parseRange } from '@kubecensus/shared/addresses';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEXT_SOURCES } from './all-sources.ts';
import type { KnownEndpoint, PlaceTables } from './define-source.ts';
import { type ReadSources, readSources } from './read-sources.ts';
import { MAX_RECORD_LENGTH } from './split-objects.ts';
import { MAX_TAG_LENGTH } from './split-tags.ts';

function read(text: string, source?: string): Promise<ReadSources> {
  return readSources({ inputs: [{ name: 'found.txt', chunks: [text], ...(source !== undefined && { source }) }] });
}

/** `port address` of every single target, then the addresses for the scan's ports. */
function targetsOf({ selection }: ReadSources): string[] {
  const single = [...selection.single].flatMap(([port, set]) =>
    [...set.ranges()].map((r) => `${port} ${formatRange(r)}`),
  );
  return [...single.sort(), ...[...selection.addresses.ranges()].map(formatRange)];
}

const SAMPLES: Readonly<Record<string, { text: string; targets: string[]; skipped?: Record<string, number> }>> = {
  lines: {
    text: '# lab\r\n192.0.2.0/30\r\n192.0.2.9,6443\r\n[2001:db8::1]:443\r\n',
    targets: ['443 2001:db8::1', '6443 192.0.2.9', '192.0.2.0/30'],
  },
  'masscan-list': {
    text: [
      '#masscan',
      'open tcp 443 192.0.2.1 1700000000',
      'open tcp 6443 2001:db8::1 1700000000',
      'closed tcp 80 192.0.2.2 1700000000',
      'open udp 53 192.0.2.3 1700000000',
      'banner tcp 22 192.0.2.4 1700000000 ssh SSH-2.0-OpenSSH_9.6',
      '# end',
    ].join('\n'),
    targets: ['443 192.0.2.1', '6443 2001:db8::1'],
    skipped: { closed: 1, udp: 1, banner: 1 },
  },
  'masscan-json': {
    text: [
      '[',
      '{   "ip": "192.0.2.1",   "timestamp": "1700000000", "ports": [ {"port": 443, "proto": "tcp", "status": "open", "reason": "syn-ack", "ttl": 55} ] }',
      ',',
      '{   "ip": "2001:db8::1",   "timestamp": "1700000000", "ports": [ {"port": 6443, "proto": "tcp", "status": "open"}, {"port": 53, "proto": "udp", "status": "open"} ] }',
      ',',
      '{   "ip": "192.0.2.2",   "timestamp": "1700000000", "ports": [ {"port": 22, "proto": "tcp", "service": {"name": "ssh", "banner": "SSH-2.0 } \\" {"}} ] }',
      ',',
      '{   "ip": "192.0.2.3",   "timestamp": "1700000000", "ports": [ {"port": 80, "proto": "tcp", "status": "closed"} ] }',
      ',',
      '{finished: 1}',
      ']',
    ].join('\n'),
    targets: ['443 192.0.2.1', '6443 2001:db8::1'],
    skipped: { udp: 1, banner: 1, closed: 1 },
  },
  'zgrab2-lines': {
    text: [
      '{"ip":"192.0.2.1","data":{"tls":{"status":"success","protocol":"tls","port":6443,"result":{"handshake_log":{}}}}}',
      '{"ip":"192.0.2.2","data":{"http":{"status":"protocol-error","protocol":"http","port":443,"error":"EOF"},"tls":{"status":"connection-timeout","port":8443}}}',
      '{"ip":"192.0.2.3","data":{"banner":{"status":"success","protocol":"banner"}}}',
      '{"domain":"example.org","data":{"tls":{"status":"success","port":443}}}',
    ].join('\n'),
    targets: ['443 192.0.2.2', '6443 192.0.2.1', '192.0.2.3'],
    skipped: { 'connection-timeout': 1, 'no address': 1 },
  },
  'naabu-json': {
    text: [
      '{"host":"a.example.org","ip":"192.0.2.1","timestamp":"2026-01-01T00:00:00Z","port":443,"protocol":"tcp","tls":false}',
      '{"ip":"2001:db8::1","port":{"Port":6443,"Protocol":0,"TLS":false}}',
      '{"ip":"192.0.2.2","port":53,"protocol":"udp"}',
    ].join('\n'),
    targets: ['443 192.0.2.1', '6443 2001:db8::1'],
    skipped: { udp: 1 },
  },
  'naabu-csv': {
    text: 'Host,IP,Port,Protocol,TLS\r\n"a, b",192.0.2.1,443,tcp,false\r\n,192.0.2.2,53,udp,false\r\nx,,443,tcp,false\r\n',
    targets: ['443 192.0.2.1'],
    skipped: { udp: 1, 'no address': 1 },
  },
  'zmap-csv': {
    text: 'saddr,sport,classification,success,repeat\n192.0.2.1,443,synack,1,0\n192.0.2.1,443,synack,1,1\n192.0.2.2,443,rst,0,0\n',
    targets: ['443 192.0.2.1'],
    skipped: { repeat: 1, rst: 1 },
  },
  'nmap-xml': {
    text: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.95 scan initiated as: nmap -p 443 -> <host><address addr="203.0.113.9" addrtype="ipv4"/></host> -->
<nmaprun scanner="nmap" args="nmap -p 443,6443 192.0.2.0/28" version="7.95">
<host starttime="1700000000"><status state="up" reason="syn-ack"/>
<address addr="192.0.2.1" addrtype="ipv4"/>
<address addr="00:00:5E:00:53:01" addrtype="mac" vendor="x > y"/>
<ports><extraports state="filtered" count="3"/>
<port protocol="tcp" portid="443"><state state="open" reason="syn-ack"/><service name="https"/><script id="x" output="&lt;a&gt; > 'b'
"/></port>
<port protocol="tcp" portid="6443"><state state="closed" reason="reset"/></port>
<port protocol="udp" portid="53"><state state="open|filtered"/></port>
<port protocol="udp" portid="123"><state state="open"/></port>
</ports></host>
<host><status state="up"/><address addr='2001:db8::1' addrtype='ipv6'/><ports><port protocol="tcp" portid="6443"><state state="open"/></port></ports></host>
<runstats><finished time="1700000001"/></runstats>
</nmaprun>
`,
    targets: ['443 192.0.2.1', '6443 2001:db8::1'],
    skipped: { closed: 1, 'open|filtered': 1, udp: 1 },
  },
};

describe('what other engines found', () => {
  it('has a sample here for every source', () => {
    expect(Object.keys(SAMPLES).sort()).toEqual(TEXT_SOURCES.map(({ name }) => name).sort());
  });

  it.each(Object.entries(SAMPLES))(
    '%s is known by its content, and its open ports become targets',
    async (name, sample) => {
      const found = await read(sample.text);
      expect(targetsOf(found)).toEqual(sample.targets);
      expect(found.reports).toEqual([
        {
          input: 'found.txt',
          source: name,
          targets: sample.targets.length,
          skipped: new Map(Object.entries(sample.skipped ?? {})),
        },
      ]);
      expect(targetsOf(await read(sample.text, name))).toEqual(sample.targets);
    },
  );

  it.each(Object.entries(SAMPLES))('%s reads the same in pieces of any size', async (_, sample) => {
    const bytes = Buffer.from(sample.text);
    for (const size of [1, 7, 64]) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(targetsOf(await readSources({ inputs: [{ name: 'pipe', chunks }] }))).toEqual(sample.targets);
    }
  });

  it('zmap without a port leaves the ports to the scan', async () => {
    expect(targetsOf(await read('saddr\n192.0.2.1\n192.0.2.2\n'))).toEqual(['192.0.2.1-192.0.2.2']);
  });

  it('a JSON array on one line, or spread over many, is read alike', async () => {
    const records = [{ ip: '192.0.2.1', ports: [{ port: 443, proto: 'tcp', status: 'open' }] }];
    expect(targetsOf(await read(JSON.stringify(records)))).toEqual(['443 192.0.2.1']);
    expect(targetsOf(await read(JSON.stringify(records, null, 2)))).toEqual(['443 192.0.2.1']);
  });

  it('several inputs and arguments come together, each with its report', async () => {
    const found = await readSources({
      values: ['192.0.2.128/25'],
      inputs: [
        { name: 'a', chunks: ['#masscan\nopen tcp 443 192.0.2.1 1\n'] },
        { name: 'b', chunks: ['192.0.2.7\n'] },
      ],
    });
    expect(targetsOf(found)).toEqual(['443 192.0.2.1', '192.0.2.7', '192.0.2.128/25']);
    expect(found.reports.map(({ input, source, targets }) => `${input} ${source} ${targets}`)).toEqual([
      'a masscan-list 1',
      'b lines 1',
    ]);
  });
});

describe('a wrong input is told with its place and the next step', () => {
  it.each([
    ['#masscan\nopen tcp 443\n', 'found.txt line 2: "open tcp 443" is no record of masscan -oL'],
    ['#masscan\nopen tcp 443 192.0.2.300 1\n', 'found.txt line 2: "192.0.2.300" is no IPv4 address'],
    ['#masscan\nopen tcp 65536 192.0.2.3 1\n', 'found.txt line 2: "192.0.2.3" has no port from 1 to 65535'],
    ['#masscan\nopen tcp 443 ::ffff:192.0.2.3 1\n', 'write 192.0.2.3'],
    ['#masscan\n# end\n', '"found.txt" names no target; see that it holds what answered; it was read as masscan-list'],
    ['#masscan\nclosed tcp 443 192.0.2.3 1\n', 'names no target (passed over: 1 closed)'],
    ['[\n{"ip": "192.0.2.1", "ports": [ {"port": 443, "proto": "tcp"', 'line 2: "{\\"ip\\": \\"192.0.2.1\\"'],
    ['{"ip":"192.0.2.1","ports":[{"port":"x"}]}', 'has no port from 1 to 65535'],
    [
      '{"ip":"192.0.2.1","ports":[{"port":443}]}\n{"ip":7,"ports":[]}',
      'line 2: "{\\"ip\\":7,\\"ports\\":[]}" is no record of masscan -oJ',
    ],
    [
      '{"ip":"192.0.2.1","ports":[{"port":443}]}\n{"ip":"192.0.2.1" "ports":[]}',
      'line 2: "{\\"ip\\":\\"192.0.2.1\\" \\"ports\\":[]}" is no JSON',
    ],
    [
      '{"ip":"192.0.2.1","data":{}}\n{"ip":"192.0.2.1","data":[]}',
      'line 2: "{\\"ip\\":\\"192.0.2.1\\",\\"data\\":[]}" is no line of zgrab2',
    ],
    ['{"ip":"192.0.2.1","data":{"tls":{"status":"success","port":0}}}', 'has no port from 1 to 65535'],
    ['saddr,sport\n192.0.2.1\n', 'line 2: "192.0.2.1" has 1 fields where the first line names 2'],
    ['ip,port\n192.0.2.1,http\n', 'has no port from 1 to 65535'],
    [
      '<nmaprun><host><ports><port protocol="tcp" portid="443"><state state="open"/>',
      '"port 443" is open at no address',
    ],
    [
      '<nmaprun>\n<host><address addr="192.0.2.1" addrtype="ipv4"/><ports><por',
      'line 2: "<por" is cut in the middle of a tag',
    ],
    ['<nmaprun></nmaprun>', 'names no target'],
    ['', '"found.txt" names no target'],
    ['not a list', 'line 1: "not a list" is no address'],
  ])('%j', async (text, part) => {
    await expect(read(text)).rejects.toThrow(part);
    await expect(read(text)).rejects.toBeInstanceOf(AddressError);
  });

  it('a source that does not exist is refused with those that do', async () => {
    await expect(read('192.0.2.1', 'nessus')).rejects.toThrow(
      /"nessus" is no source of targets; choose one of nmap-xml, .*lines/,
    );
  });

  it('a compressed file is named as such', async () => {
    const gzip = readSources({ inputs: [{ name: 'scan.json.gz', chunks: [Uint8Array.of(0x1f, 0x8b, 8, 0)] }] });
    await expect(gzip).rejects.toMatchObject({ code: 'ADDRESS_LIST_ENCODING', text: 'scan.json.gz' });
  });

  it('words of another program cannot fill the memory or the terminal', async () => {
    const records = Array.from(
      { length: 100 },
      (_, n) => `{"ip":"192.0.2.1","data":{"tls":{"status":"\\u001b[31m${'x'.repeat(n)}"}}}`,
    );
    const problem = await read(records.join('\n')).catch((error: unknown) => error);
    expect((problem as Error).message).toMatch(/^[\x20-\x7e]+ other\); see that/);
  });
});

describe('records have a largest size', () => {
  it('for JSON', async () => {
    const record = (length: number) => {
      const text = '{"ip":"192.0.2.1","data":{"tls":{"status":"success","port":443,"x":"';
      return `${text}${'x'.repeat(length - text.length - 4)}"}}}`;
    };
    // In two pieces: the limit is for what has to be kept until the next piece comes.
    const inPieces = (text: string) =>
      readSources({ inputs: [{ name: 'pipe', chunks: [text.slice(0, -1), text.slice(-1)] }] });
    expect(targetsOf(await inPieces(record(MAX_RECORD_LENGTH + 1)))).toEqual(['443 192.0.2.1']);
    await expect(inPieces(record(MAX_RECORD_LENGTH + 2))).rejects.toMatchObject({ code: 'ADDRESS_LINE_TOO_LONG' });
  });

  it('for XML', async () => {
    const head =
      '<nmaprun><host><address addr="192.0.2.1" addrtype="ipv4"/><port protocol="tcp" portid="443"><state state="open"/></port>';
    const inPieces = (length: number) => {
      const tag = `<script output="${'x'.repeat(length - 18)}"`;
      return readSources({ inputs: [{ name: 'pipe', chunks: [head, tag, '/></host></nmaprun>'] }] });
    };
    expect(targetsOf(await inPieces(MAX_TAG_LENGTH + 1))).toEqual(['443 192.0.2.1']);
    await expect(inPieces(MAX_TAG_LENGTH + 2)).rejects.toMatchObject({ code: 'ADDRESS_LINE_TOO_LONG' });
  });
});

it('no text of a stranger makes a source fail but with a coded error', async () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      '{',
      '}',
      '"',
      '\\',
      '[',
      ']',
      ',',
      '<',
      '>',
      '<!--',
      '-->',
      '=',
      '\n',
      '"ip":',
      '"port":',
      '"data":{',
      '"ports":[',
    ),
    fc.constantFrom(
      '#masscan\n',
      '<nmaprun>',
      '<host>',
      '<address addr="1.2.3.4" addrtype="ipv4"/>',
      '<state state="open"/>',
      'saddr',
      'ip,port\n',
    ),
    fc.constantFrom('open tcp 443 192.0.2.1 1\n', '"192.0.2.1"', '443', 'null', '__proto__', 'open', 'tcp'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const names = TEXT_SOURCES.map(({ name }) => name);
  await fc.assert(
    fc.asyncProperty(
      fc.array(pieces, { maxLength: 40 }),
      fc.constantFrom(undefined, ...names),
      async (parts, source) => {
        try {
          await readSources({ inputs: [{ name: 'x', chunks: parts, ...(source !== undefined && { source }) }] });
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^ADDRESS_/) });
        }
      },
    ),
    { seed: 51, numRuns: 1500 },
  );
});

it('an input is closed whether it is read to its end or given up at its beginning', async () => {
  let open = 0;
  const input = (text: string, source?: string) => ({
    name: 'found.txt',
    chunks: (function* () {
      open += 1;
      try {
        yield text;
        yield '192.0.2.1\n';
      } finally {
        open -= 1;
      }
    })(),
    ...(source !== undefined && { source }),
  });
  await readSources({ inputs: [input('192.0.2.2\n')] });
  expect(open).toBe(0);
  // Longer than what a source asks for, so that the rest is unread when the twentieth problem ends the reading.
  await expect(readSources({ inputs: [input('10.0.0\n'.repeat(5000))] })).rejects.toMatchObject({
    code: 'ADDRESS_LIST_WRONG',
  });
  expect(open).toBe(0);
  await expect(readSources({ inputs: [input('192.0.2.2\n', 'none')] })).rejects.toMatchObject({
    code: 'ADDRESS_SOURCE_UNKNOWN',
  });
  expect(open).toBe(0);
});

describe('words that stand for prefixes', () => {
  const prefixes = new AddressSetBuilder().add(parseRange('192.0.2.0/24')).add(parseRange('2001:db8::/76')).build();
  const none = new AddressSetBuilder().build();
  const places: PlaceTables = {
    prefixesOfAsn: async (asn) => (asn === 64_500 ? prefixes : none),
    prefixesOfCountry: async (code) => (code === 'DE' ? prefixes : none),
  };

  it('are looked up: an autonomous system, a country', async () => {
    for (const word of ['AS64500', 'as64500', 'country:de']) {
      const found = await readSources({ values: [word], places });
      expect(found.selection.addresses.equals(prefixes)).toBe(true);
      expect(found.reports[0]).toMatchObject({ input: word, targets: 2 });
    }
  });

  it.each(['AS64501', 'country:zz'])('%s that stands for none is refused', async (word) => {
    await expect(readSources({ values: [word], places })).rejects.toMatchObject({
      code: 'ADDRESS_LIST_EMPTY',
      text: word,
    });
  });

  it('are refused where there is nothing to look them up in', async () => {
    await expect(readSources({ values: ['AS64500'] })).rejects.toThrow(
      '"AS64500" stands for prefixes, and there is no data',
    );
  });

  it.each(['AS4294967296', 'as99999999999999999999'])('%s is no autonomous system, and no host name', async (word) => {
    await expect(readSources({ values: [word], places })).rejects.toMatchObject({
      code: 'ADDRESS_MALFORMED',
      message: expect.stringContaining('end at 4294967295'),
    });
  });
});

describe('what the record asks for', () => {
  const before = new Date('2026-11-15T00:00:00Z');
  const ask = (pages: readonly (readonly KnownEndpoint[])[], source = 'due') =>
    readSources({
      record: {
        source,
        terms: { before },
        endpoints: {
          async *lookedAtBefore(instant) {
            expect(instant).toBe(before);
            yield* pages;
          },
        },
      },
    });

  it('endpoints that are due are targets of their own ports', async () => {
    const read = await ask([[{ address: '192.0.2.1', port: 443 }], [{ address: '2001:db8::1', port: 6443 }]]);
    expect(targetsOf(read)).toEqual(['443 192.0.2.1', '6443 2001:db8::1']);
    expect(read.reports).toEqual([{ input: 'the record', source: 'due', targets: 2, skipped: new Map() }]);
  });

  it('a record in which nothing is due is told, and so is a source that there is not', async () => {
    await expect(ask([])).rejects.toMatchObject({ code: 'ADDRESS_LIST_EMPTY' });
    await expect(ask([], 'overdue')).rejects.toThrow('choose one of due');
  });
});
