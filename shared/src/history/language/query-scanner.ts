import { QueryError } from './query-error.ts';

const BLANKS = /[ \t\r\n]*/y;

/** A place in a query, and the ways to move on from it. */
export class QueryScanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  ended(): boolean {
    return this.at >= this.text.length;
  }

  /** Past blanks. */
  blanks(): void {
    this.match(BLANKS);
  }

  /** Whether the mark stands here. */
  peek(mark: string): boolean {
    return this.text.startsWith(mark, this.at);
  }

  /** Past the mark and the blanks behind it, where it stands here. */
  take(mark: string): boolean {
    if (!this.peek(mark)) return false;
    this.at += mark.length;
    this.blanks();
    return true;
  }

  /** Whether the word stands here, and no longer one that begins with it. */
  isKeyword(word: string): boolean {
    const end = this.at + word.length;
    const next = this.text[end];
    return (
      this.text.slice(this.at, end).toLowerCase() === word &&
      (next === undefined || next === '(' || next === '"' || next.trim() === '')
    );
  }

  keyword(word: string): boolean {
    if (!this.isKeyword(word)) return false;
    this.at += word.length;
    this.blanks();
    return true;
  }

  /** What a sticky pattern of ours finds here, and past it. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** What stands here, for a message. */
  shown(): string {
    const word = this.text.slice(this.at, this.at + 20);
    return word === '' ? 'the end' : quote(word);
  }

  fail(what: string): never {
    throw new QueryError('QUERY_SYNTAX', this.at + 1, what);
  }
}

/** JSON's quotes: what a caller wrote never brings a control character into a message. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
