import type { Value } from './query.ts';

/** Whether all of `high` lies before all of `low`: a range between them holds nothing, whatever is asked. */
export function isReversed(low: Value, high: Value): boolean {
  const [begin, end] = [toEnds(low)[0], toEnds(high)[1]];
  return typeof begin === typeof end && begin > end;
}

/** The places of a value in the order of its field; a minor holds its releases, as a month its days. */
function toEnds(value: Value): [first: number | string, last: number | string] {
  switch (value.kind) {
    case 'number':
    case 'release':
      return [value.number, value.number];
    case 'minor':
      return [value.minor * 10_000, value.minor * 10_000 + 9_999];
    case 'duration':
      return [value.days, value.days];
    case 'days':
      return [value.first, value.last];
    case 'network':
      return [value.firstKey, value.lastKey];
    case 'boolean':
    case 'text':
      return [0, 0]; // they have no order, and no range is made of them
  }
}
