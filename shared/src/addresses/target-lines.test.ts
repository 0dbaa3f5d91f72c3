import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AddressError } from './address-error.ts';
import { formatRange } from './address-range.ts';
import { fileInput, readTargets, TargetListError } from './read-targets.ts';
import { readText, splitLines } from './split-lines.ts';
import { parseTargetLine } from './target-line.ts';
import { MAX_LINE_LENGTH, parseTargetArguments, visitTargetLines } from './target-lines.ts';

function read(line: string): string | undefined {
  const target = parseTargetLine(line);
  if (target === undefined) return undefined;
  return target.port === undefined ? formatRange(target.range) : `${formatRange(target.range)} port ${target.port}`;
}

describe('a line of a list of targets', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.1-192.0.2.9', '192.0.2.1-192.0.2.9'],
    ['  192.0.2.1\t# the lab', '192.0.2.1'],
    ['192.0.2.1:6443', '192.0.2.1 port 6443'],
    ['192.0.2.1,6443', '192.0.2.1 port 6443'],
    ['192.0.2.1, 6443', '192.0.2.1 port 6443'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:db8::/76', '2001:db8::/76'],
    ['[2001:db8::1]:443', '2001:db8::1 port 443'],
    ['2001:db8::1,443', '2001:db8::1 port 443'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['', undefined],
    ['   ', undefined],
    ['# only a comment', undefined],
  ])('%j', (line, expected) => {
    expect(read(line)).toBe(expected);
  });

  it.each([
    ['::ffff:192.0.2.1', 'ADDRESS_IPV4_MAPPED', 'write 192.0.2.1'],
    ['[::ffff:192.0.2.1]:443', 'ADDRESS_IPV4_MAPPED', 'write 192.0.2.1'],
    ['::ffff:192.0.2.0/120', 'ADDRESS_IPV4_MAPPED', 'write 192.0.2.0/24'],
    ['2001:db8::/75', 'ADDRESS_SET_TOO_LARGE', 'hit list'],
    ['2001:db8::/32', 'ADDRESS_SET_TOO_LARGE', '"2001:db8::/32" holds 79,228,162,514,264,337,593,543,950,336'],
    ['192.0.2.1:0', 'ADDRESS_PORT', 'names no port from 1 to 65535'],
    ['192.0.2.1:65536', 'ADDRESS_PORT', 'names no port from 1 to 65535'],
    ['192.0.2.1:0443', 'ADDRESS_PORT', 'names no port from 1 to 65535'],
    ['192.0.2.1:https', 'ADDRESS_PORT', 'names no port from 1 to 65535'],
    ['192.0.2.1,', 'ADDRESS_PORT', 'names no port from 1 to 65535'],
    ['192.0.2.0/24:443', 'ADDRESS_PORT', 'write 192.0.2.0/24 and give the port with --ports 443'],
    ['192.0.2.0/24,443', 'ADDRESS_PORT', 'write 192.0.2.0/24 and give the port with --ports 443'],
    ['2001:db8::1-2001:db8::9,443', 'ADDRESS_PORT', 'give the port with --ports 443'],
    ['[2001:db8::1]', 'ADDRESS_PORT', 'has brackets but no port'],
    ['[2001:db8::1', 'ADDRESS_MALFORMED', 'is no bracketed address'],
    ['[192.0.2.1]:443', 'ADDRESS_MALFORMED', 'is no bracketed address'],
    ['[2001:db8::1]443', 'ADDRESS_MALFORMED', 'is no bracketed address'],
    ['fe80::1%eth0', 'ADDRESS_ZONE', 'leave out %eth0'],
    ['https://192.0.2.1:6443/version', 'ADDRESS_MALFORMED', 'write the address and port alone: 192.0.2.1:6443'],
    ['api.example.org', 'ADDRESS_HOST_NAME', 'never looked up'],
    ['api.example.org,443', 'ADDRESS_HOST_NAME', 'never looked up'],
    ['192.0.2.1 192.0.2.2', 'ADDRESS_MALFORMED', 'is no address'],
    ['192.0.2.300', 'ADDRESS_MALFORMED', '300 is over 255'],
  ])('%j is refused: %s', (line, code, part) => {
    expect(() => parseTargetLine(line)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(part) }),
    );
  });

  it('of any text is a target, nothing, or an AddressError of one printable line', () => {
    const pieces = fc.oneof(
      fc.constantFrom(
        '1',
        '255',
        '.',
        ':',
        '::',
        '/',
        '-',
        ',',
        '#',
        '[',
        ']',
        '%',
        ' ',
        '\t',
        '2001',
        'ffff',
        'http://',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 16 }), (parts) => {
        try {
          const target = parseTargetLine(parts.join(''));
          if (target?.port !== undefined) expect(target.range.first).toBe(target.range.last);
        } catch (error) {
          expect(error).toBeInstanceOf(AddressError);
          expect((error as Error).message).not.toContain('\n');
        }
      }),
      { seed: 41, numRuns: 1500 },
    );
  });
});

describe('a list of targets', () => {
  async function targets(...chunks: (string | Uint8Array)[]): Promise<string[]> {
    const found: string[] = [];
    await visitTargetLines({ name: 'list', chunks }, (target) => {
      found.push(`${formatRange(target.range)} ${target.port ?? ''}@${target.where}`);
    });
    return found;
  }

  it('may have a byte order mark, CRLF, comments, blank lines, and no newline at its end', async () => {
    expect(await targets('\ufeff192.0.2.1\r\n\r\n# lab\r\n192.0.2.2:443\r\n::1')).toEqual([
      '192.0.2.1 @list line 1',
      '192.0.2.2 443@list line 4',
      '::1 @list line 5',
    ]);
  });

  it('reads the same in whatever pieces it comes', async () => {
    const text = '192.0.2.1\r\n# Zürich \u{1f30d}\r\n2001:db8::1,6443\n\n10.0.0.0/8';
    const bytes = Buffer.from(text);
    const whole = await targets(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(await targets(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
    }
    expect(await targets(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it.each([
    [[''], 'ADDRESS_LIST_EMPTY', '"list" names no target'],
    [['# nothing\n\n'], 'ADDRESS_LIST_EMPTY', '"list" names no target'],
    [['192.0.2.1\n192.0.2\n'], 'ADDRESS_MALFORMED', 'list line 2: "192.0.2" is no IPv4 address'],
    [[Uint8Array.of(0xff, 0xfe, 0x31, 0)], 'ADDRESS_LIST_ENCODING', '"list" is UTF-16'],
    [[Uint8Array.of(0x1f, 0x8b, 8)], 'ADDRESS_LIST_ENCODING', '"list" is compressed'],
  ])('%j is refused: %s', async (chunks, code, part) => {
    await expect(targets(...chunks)).rejects.toMatchObject({ code, message: expect.stringContaining(part) });
  });

  it('has lines of at most 4096 characters', async () => {
    const comment = `#${'x'.repeat(MAX_LINE_LENGTH - 1)}`;
    expect(await targets(`${comment}\n::1\n`)).toEqual(['::1 @list line 2']);
    await expect(targets(`::1\n${comment}x\n::1`)).rejects.toMatchObject({
      code: 'ADDRESS_LINE_TOO_LONG',
      message: expect.stringContaining('list line 2'),
    });
    await expect(targets(`::1\n${comment}x`)).rejects.toMatchObject({ code: 'ADDRESS_LINE_TOO_LONG' });
  });

  it('without an end is not gathered in memory', async () => {
    let sent = 0;
    function* endless() {
      for (; sent < 1000; sent += 1) yield 'x'.repeat(1024);
    }
    const lines = splitLines({ name: 'pipe', chunks: endless() }, 4096);
    await expect(lines.next()).rejects.toMatchObject({ code: 'ADDRESS_LINE_TOO_LONG' });
    expect(sent).toBeLessThan(10);
  });

  it('is handed over as it arrives, and waits for whoever takes it', async () => {
    const order: string[] = [];
    function* lines() {
      for (const name of ['192.0.2.1\n', '192.0.2.2\n']) {
        order.push(`sent ${name.trim()}`);
        yield name;
      }
    }
    await visitTargetLines({ name: 'pipe', chunks: lines() }, async (target) => {
      await Promise.resolve();
      order.push(`took ${formatRange(target.range)}`);
    });
    expect(order).toEqual(['sent 192.0.2.1', 'took 192.0.2.1', 'sent 192.0.2.2', 'took 192.0.2.2']);
  });

  it('that breaks for another reason says that reason', async () => {
    const broken = {
      name: 'pipe',
      // biome-ignore lint/correctness/useYield: it breaks before its first piece
      chunks: (function* (): Generator<string> {
        throw new RangeError('broken pipe');
      })(),
    };
    await expect(readText(broken).next()).rejects.toThrow(RangeError);
  });
});

describe('arguments', () => {
  const read = (...values: string[]) =>
    parseTargetArguments(values).map(({ range, port, where }) => `${formatRange(range)} ${port ?? ''}@${where}`);

  it('may hold several targets with commas or spaces between, or an address and its port', () => {
    expect(read('192.0.2.0/24,198.51.100.7 ::1', '192.0.2.1,6443', '10.0.0.1-10.0.0.3')).toEqual([
      '192.0.2.0/24 @target argument 1',
      '198.51.100.7 @target argument 1',
      '::1 @target argument 1',
      '192.0.2.1 6443@target argument 2',
      '10.0.0.1-10.0.0.3 @target argument 3',
    ]);
  });

  it.each([[''], [' '], ['#']])('%j is refused', (value) => {
    expect(() => read(value)).toThrow(expect.objectContaining({ code: 'ADDRESS_MALFORMED' }));
  });
});

describe('everything that was asked for', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'targets-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('is gathered from arguments and files, single targets by port', async () => {
    const path = join(folder, 'targets.txt');
    await writeFile(path, '192.0.2.0/25\n192.0.2.192\n192.0.2.200:443\n[2001:db8::1]:443\n');
    const { addresses, single } = await readTargets({
      values: ['192.0.2.128/26', '10.0.0.1:80'],
      inputs: [fileInput(path)],
    });
    expect(addresses.summary()).toBe('193 IPv4 addresses (192.0.2.0-192.0.2.192)');
    expect([...single].map(([port, set]) => `${port}: ${set.summary()}`)).toEqual([
      '80: 1 IPv4 address (10.0.0.1)',
      '443: 1 IPv4 address (192.0.2.200) and 1 IPv6 address (2001:db8::1)',
    ]);
  });

  it('has overlapping ranges refused with both their places, unless they are to be merged', async () => {
    const path = join(folder, 'overlap.txt');
    await writeFile(path, '# two\n192.0.2.0/24\n192.0.2.128/25\n');
    await expect(readTargets({ inputs: [fileInput(path)] })).rejects.toMatchObject({
      code: 'ADDRESS_RANGES_OVERLAP',
      exitCode: 2,
      message: `"192.0.2.128/25" lies in 192.0.2.0/24 (${path} line 2) and 192.0.2.128/25 (${path} line 3); remove one of them, or merge what overlaps with --merge-overlaps`,
    });
    const { addresses } = await readTargets({ inputs: [fileInput(path)], overlaps: 'merge' });
    expect(addresses.summary()).toBe('256 IPv4 addresses (192.0.2.0/24)');
  });

  it('refuses an address inside of a given range as it refuses two ranges; the same address twice counts once', async () => {
    const list = (text: string) => ({ inputs: [{ name: 'list', chunks: [text] }] });
    await expect(readTargets(list('192.0.2.9\n192.0.2.0/24\n'))).rejects.toMatchObject({
      code: 'ADDRESS_RANGES_OVERLAP',
      message: expect.stringContaining('"192.0.2.9" is named by itself and lies in 192.0.2.0/24 (list line 2); remove'),
    });
    await expect(readTargets(list('2001:db8::/120\n2001:db8::7\n'))).rejects.toMatchObject({
      code: 'ADDRESS_RANGES_OVERLAP',
    });
    const merged = await readTargets({ ...list('192.0.2.9\n192.0.2.0/24\n'), overlaps: 'merge' });
    expect(merged.addresses.summary()).toBe('256 IPv4 addresses (192.0.2.0/24)');
    const twice = await readTargets(list('192.0.2.9\n192.0.2.9\n192.0.3.0/24\n192.0.4.0\n'));
    expect(twice.addresses.size).toBe(258n);
  });

  it('names a file that is not there, is no file, or is empty', async () => {
    const empty = join(folder, 'empty.txt');
    await writeFile(empty, '');
    const problem = (path: string) => readTargets({ inputs: [fileInput(path)] });
    await expect(problem(join(folder, 'none.txt'))).rejects.toMatchObject({
      code: 'ADDRESS_LIST_UNREADABLE',
      message: `"${join(folder, 'none.txt')}" does not exist; check the path`,
    });
    await expect(problem(folder)).rejects.toMatchObject({ code: 'ADDRESS_LIST_UNREADABLE' });
    await expect(problem(empty)).rejects.toMatchObject({ code: 'ADDRESS_LIST_EMPTY', text: empty });
  });

  it('has all its wrong lines told at once, up to twenty', async () => {
    const list = (count: number) => ({ name: 'list', chunks: [`${'10.0.0\n'.repeat(count)}10.0.0.1\n`] });
    await expect(readTargets({ inputs: [list(1)] })).rejects.toBeInstanceOf(AddressError);
    const several = await readTargets({ inputs: [list(19)] }).catch((error: unknown) => error);
    expect(several).toBeInstanceOf(TargetListError);
    expect((several as TargetListError).problems).toHaveLength(19);
    expect((several as TargetListError).message.split('\n')).toHaveLength(19);
    const many = await readTargets({ inputs: [list(5000)] }).catch((error: unknown) => error);
    expect((many as TargetListError).problems).toHaveLength(20);
    expect((many as TargetListError).message).toMatch(/list line 20: .*\nthese are the first 20 problems/);
  });
});
