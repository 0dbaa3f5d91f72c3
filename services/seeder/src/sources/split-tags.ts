import { AddressError, readText, type TextInput } from '@kubecensus/shared/addresses';

/** Characters of one tag. nmap keeps the output of its scripts in attributes. */
export const MAX_TAG_LENGTH = 1024 * 1024;

/** One tag: the name of `<port portid="443">` is `port`, that of `</port>` is `/port`. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly line: number;
}

/**
 * The tags of an XML text in order, without comments, declarations and what stands between tags. No entity is resolved
 * and nothing is fetched: the attributes that are wanted here (addresses, ports, states) hold none.
 * @throws AddressError ADDRESS_LINE_TOO_LONG over MAX_TAG_LENGTH; ADDRESS_MALFORMED where the text ends within a tag
 */
export async function* splitTags(input: TextInput): AsyncGenerator<Tag[]> {
  let rest = '';
  let line = 1;
  for await (const text of readText(input)) {
    const tags: Tag[] = [];
    const all = rest + text;
    let from = 0;
    let at = all.indexOf('<');
    while (at >= 0) {
      const end = tagEnd(all, at);
      if (end < 0) break;
      line += countLines(all, from, at);
      if (all[at + 1] !== '!' && all[at + 1] !== '?') tags.push(parseTag(all.slice(at + 1, end), line));
      line += countLines(all, at, end);
      from = end;
      at = all.indexOf('<', end);
    }
    // What stands between tags is not kept.
    if (at < 0) {
      line += countLines(all, from, all.length);
      from = all.length;
    }
    rest = all.slice(from);
    if (tags.length > 0) yield tags;
    if (rest.length > MAX_TAG_LENGTH) {
      throw new AddressError(
        'ADDRESS_LINE_TOO_LONG',
        rest,
        `is longer than ${MAX_TAG_LENGTH.toLocaleString('en')} characters`,
        'write the results without the output of scripts',
        `${input.name} line ${line}`,
      );
    }
  }
  if (rest.trim() !== '') {
    throw new AddressError(
      'ADDRESS_MALFORMED',
      rest,
      'is cut in the middle of a tag',
      'let the other program finish, or take out its last host',
      `${input.name} line ${line}`,
    );
  }
}

/** Just after the `>` that ends what begins at `at`, or -1 where that has not come yet. */
function tagEnd(text: string, at: number): number {
  if (text.startsWith('<!--', at)) {
    const end = text.indexOf('-->', at + 4);
    return end < 0 ? -1 : end + 3;
  }
  // The first characters decide about a comment; wait for them.
  if ('<!--'.startsWith(text.slice(at, at + 4))) return -1;
  let quote = 0;
  for (let index = at + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 0x22 || code === 0x27) {
      quote = code;
    } else if (code === 0x3e) return index + 1;
  }
  return -1;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function parseTag(text: string, line: number): Tag {
  const [, name = ''] = /^(\/?[^\s/>]+)/.exec(text) ?? [];
  const attributes = new Map<string, string>();
  for (const [, key = '', double, single] of text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes.set(key, double ?? single ?? '');
  }
  return { name, attributes, line };
}
