import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { QueueError } from './queue-error.ts';
import { MAX_MESSAGE_BYTES } from './queue-limits.ts';

/** Queue name -> schema of its messages. Both ends validate against it. */
export type QueueMessages = Readonly<Record<string, TSchema>>;

export type QueueName<M extends QueueMessages> = keyof M & string;
export type MessageOf<M extends QueueMessages, Q extends QueueName<M>> = Static<M[Q]>;

/** The gate of one queue, the same at both ends. */
export interface MessageCodec<T> {
  /** The message's size as JSON. Throws QUEUE_MESSAGE_TOO_LARGE, QUEUE_MESSAGE_UNSTORABLE or QUEUE_MESSAGE_INVALID. */
  measureSendable(message: unknown): number;
  /** Untrusted job data to a message. Throws QUEUE_MESSAGE_INVALID or QUEUE_MESSAGE_TOO_LARGE. */
  parse(raw: unknown): T;
}

/**
 * JSON.stringify writes NUL and unpaired surrogates, and nothing else, as these escapes. The look-behind holds the scan
 * to the start of each run of backslashes, so that an escaped backslash before a `u` is no match and time stays linear.
 */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

export function createMessageCodec<S extends TSchema>(queue: string, schema: S): MessageCodec<Static<S>> {
  const validator = Compile(schema);

  function assertOfSchema(message: unknown): asserts message is Static<S> {
    if (validator.Check(message)) return;
    const [first] = validator.Errors(message);
    const where = first === undefined || first.instancePath === '' ? 'the message' : first.instancePath;
    const what = `${where} ${first?.message ?? 'is not of the schema'}`;
    if (first?.keyword === 'maxLength') {
      throw new QueueError('QUEUE_MESSAGE_TOO_LARGE', `a message for ${queue}: ${what}; send it in smaller parts`);
    }
    throw new QueueError('QUEUE_MESSAGE_INVALID', `a message for ${queue}: ${what}; see its schema among the messages`);
  }

  return {
    measureSendable(message) {
      const json = JSON.stringify(message) ?? '';
      const bytes = Buffer.byteLength(json);
      if (bytes > MAX_MESSAGE_BYTES) {
        throw new QueueError(
          'QUEUE_MESSAGE_TOO_LARGE',
          `a message for ${queue} is ${bytes} bytes, ${MAX_MESSAGE_BYTES} are the most; send it in smaller parts`,
        );
      }
      assertOfSchema(message);
      if (UNSTORABLE.test(json)) {
        throw new QueueError(
          'QUEUE_MESSAGE_UNSTORABLE',
          `a message for ${queue} holds a NUL or half a surrogate pair; send bytes as base64 and cleaned text`,
        );
      }
      return bytes;
    },
    parse(raw) {
      assertOfSchema(raw);
      return raw;
    },
  };
}
