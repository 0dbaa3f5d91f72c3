import type { Response } from '@kubecensus/shared/messages';

/** Headers of a stored answer, read when the first rule asks for one: hardly any does. */
export class AnswerHeaders {
  readonly #json: string;
  #firstOfEach: ReadonlyMap<string, string> | undefined;

  /** @param json A list of name and value, names in lower case. */
  constructor(json: string) {
    this.#json = json;
  }

  /** The first value of a name. */
  get(name: string): string | undefined {
    this.#firstOfEach ??= readFirstOfEach(JSON.parse(this.#json) as Response['headers']);
    return this.#firstOfEach.get(name);
  }
}

function readFirstOfEach(headers: Response['headers']): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const [name, value] of headers) if (!first.has(name)) first.set(name, value);
  return first;
}
