import { type Address, AddressError, type AddressRange, formatAddress, parseRange } from '../../addresses/index.ts';
import { parsePeriod } from '../../dates/index.ts';
import { toAddressKey } from './address-key.ts';
import { type Field, proposeWord } from './fields.ts';
import type { PatternPart, Value } from './query.ts';

/** Why a text is no value of a field, and what to write instead; no error yet, for it does not know where it stands. */
export interface ValueProblem {
  problem: string;
  proposal?: string;
}

const MAX_WILDCARDS = 8;

/** The values that a text stands for: one, or several where the word is a synonym. */
export function parseValue(field: Field, text: string): Value[] | ValueProblem {
  switch (field.type) {
    case 'text':
      return parsePattern(text);
    case 'word':
      return parseWord(field, text);
    case 'number':
      return parseNumber(field, text);
    case 'boolean':
      return parseBoolean(text);
    case 'version':
      return parseVersionValue(text);
    case 'date':
      return parseDays(text);
    case 'duration':
      return parseDuration(text);
    case 'network':
      return parseNetwork(text);
  }
}

function parseNumber({ most = Number.MAX_SAFE_INTEGER }: Field, text: string): Value[] | ValueProblem {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= most) return [{ kind: 'number', number }];
  return { problem: most === Number.MAX_SAFE_INTEGER ? 'give a whole number' : `give a whole number up to ${most}` };
}

function parsePattern(text: string): Value[] | ValueProblem {
  const pattern: PatternPart[] = [];
  let wildcards = 0;
  let plain = '';
  for (const character of text) {
    if (character !== '*' && character !== '?') {
      plain += character;
      continue;
    }
    wildcards += 1;
    if (plain !== '') pattern.push({ text: plain });
    plain = '';
    pattern.push({ wildcard: character === '*' ? 'any' : 'one' });
  }
  if (plain !== '' || pattern.length === 0) pattern.push({ text: plain });
  if (wildcards > MAX_WILDCARDS) return { problem: `at most ${MAX_WILDCARDS} wildcards in one value` };
  return [{ kind: 'text', pattern }];
}

function parseWord(field: Field, text: string): Value[] | ValueProblem {
  const word = text.toLowerCase();
  const values = field.values ?? [];
  const meant = field.synonyms?.[word] ?? (values.includes(word) ? [word] : undefined);
  if (meant !== undefined) return meant.map((value) => ({ kind: 'text', pattern: [{ text: value }] }));
  if (/[*?]/.test(text)) return parsePattern(text);
  const known = [...Object.keys(field.synonyms ?? {}), ...values];
  const near = proposeWord(known, word);
  const problem = `it is one of ${known.join(', ')}`;
  return near === undefined ? { problem } : { problem, proposal: near };
}

const BOOLEANS: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

function parseBoolean(text: string): Value[] | ValueProblem {
  const word = text.toLowerCase();
  const value = Object.hasOwn(BOOLEANS, word) ? BOOLEANS[word] : undefined;
  return value === undefined ? { problem: 'give yes or no' } : [{ kind: 'boolean', value }];
}

const MINOR = /^v?(\d{1,3})\.(\d{1,3})(?:\.\*)?$/i;
const RELEASE = /^v?(\d{1,3})\.(\d{1,3})\.(\d{1,4})$/i;

function parseVersionValue(text: string): Value[] | ValueProblem {
  const minor = MINOR.exec(text);
  if (minor !== null) return [{ kind: 'minor', minor: Number(minor[1]) * 1000 + Number(minor[2]) }];
  const release = RELEASE.exec(text);
  if (release !== null) {
    const [, major, second, patch] = release;
    return [{ kind: 'release', number: (Number(major) * 1000 + Number(second)) * 10_000 + Number(patch) }];
  }
  if (/^v\d/i.test(text)) return parsePattern(text);
  return { problem: 'give a version such as 1.30, 1.30.2 or the whole text, v1.30.2-eks-1' };
}

function parseDays(text: string): Value[] | ValueProblem {
  const period = text.includes('T') ? undefined : parsePeriod(text);
  if (period === undefined) {
    return { problem: 'give a day, a month or a year, such as 2026-03-01, 2026-03 or 2026' };
  }
  const [first, last] = [period.first, period.last].map((at) => at.toISOString().slice(0, 10)) as [string, string];
  return [{ kind: 'days', first, last }];
}

const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, mo: 30, y: 365 };

function parseDuration(text: string): Value[] | ValueProblem {
  const written = /^(-?\d{1,6})(d|w|mo|y)$/i.exec(text);
  const unit = DAYS[written?.[2]?.toLowerCase() ?? ''];
  if (written === null || unit === undefined) {
    return { problem: 'give a duration in days, weeks, months of 30 days or years, such as 30d, 4w, 6mo or 1y' };
  }
  return [{ kind: 'duration', days: Number(written[1]) * unit }];
}

function parseNetwork(text: string): Value[] | ValueProblem {
  try {
    const [first, last] = toEnds(parseRange(text));
    return [
      {
        kind: 'network',
        first: formatAddress(first),
        last: formatAddress(last),
        firstKey: toAddressKey(first),
        lastKey: toAddressKey(last),
      },
    ];
  } catch (caught) {
    if (caught instanceof AddressError) return { problem: caught.message };
    throw caught;
  }
}

function toEnds(range: AddressRange): [Address, Address] {
  return range.family === 4
    ? [
        { family: 4, value: range.first },
        { family: 4, value: range.last },
      ]
    : [
        { family: 6, value: range.first },
        { family: 6, value: range.last },
      ];
}
