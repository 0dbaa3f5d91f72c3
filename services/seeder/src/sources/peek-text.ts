import { readText, type TextInput } from '@kubecensus/shared/addresses';

/** Characters of the beginning that a source may ask for. */
const HEAD_LENGTH = 4096;

/** The beginning of an input, and the same input with nothing lost. @throws what readText throws */
export async function peekText(input: TextInput): Promise<{ head: string; whole: TextInput }> {
  const pieces = readText(input)[Symbol.asyncIterator]();
  const read: string[] = [];
  let length = 0;
  let isDone = false;
  while (length < HEAD_LENGTH && !isDone) {
    const next = await pieces.next();
    if (next.done === true) isDone = true;
    else {
      read.push(next.value);
      length += next.value.length;
    }
  }
  async function* chunks() {
    try {
      yield* read;
      if (!isDone) yield* pieces;
    } finally {
      // Whoever stops early stops among what was read here, and a file is open behind it.
      await pieces.return?.(undefined);
    }
  }
  return { head: read.join('').slice(0, HEAD_LENGTH), whole: { name: input.name, chunks: chunks() } };
}
