import { describe, expect, test } from 'vitest';
import { parsePorts } from './options.ts';

describe('ports', () => {
  test.each([
    ['443', [443]],
    ['6443,443,443', [443, 6443]],
    ['1-3,443', [1, 2, 3, 443]],
    [' 80-81 , 7', [7, 80, 81]],
    ['65535-65535', [65_535]],
    ['1-1', [1]],
  ])('%j are %j', (text, ports) => {
    expect(parsePorts(text)).toEqual(ports);
  });

  test('all that there are can be asked for', () => {
    expect(parsePorts('1-65535')).toHaveLength(65_535);
  });

  test.each([
    ['', /^"" names no port; /],
    ['443,', /^"" names no port; /],
    ['1-', /^"1-" is no port and no range of ports; /],
    ['-', /^"-" is no port/],
    ['0', /^"0" is no port; write a number from 1 to 65535$/],
    ['0-3', /^"0-3" is no port; /],
    ['1-65536', /^"1-65536" is no port; /],
    ['3-1', /^"3-1" ends before it begins; write 1-3$/],
    ['80 - 81', /^"80 - 81" is no port/],
    ['1-2-3', /^"1-2-3" is no port/],
    ['443 6443', /^"443 6443" is no port/],
  ])('%j is refused by name', (text, says) => {
    expect(() => parsePorts(text)).toThrow(
      expect.objectContaining({ code: 'ADDRESS_PORT', message: expect.stringMatching(says) }),
    );
  });
});
