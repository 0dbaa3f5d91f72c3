import type { Readable } from 'node:stream';
import { KubecensusError } from '@kubecensus/shared/errors';

/** A stream that nobody reads holds a page of rows and a connection to the store until it is given back. */
const STREAMS_OF_ONE = 4;
const STREAMS_OF_ALL = 32;

/** How many streams are under way, of one asker and of all together. */
export class StreamSlots {
  readonly #taken = new Map<string, number>();
  #total = 0;

  /**
   * Takes a slot until the stream is closed, whoever closes it.
   * @throws {KubecensusError} API_STREAMS_EXCEEDED; the stream is ended then
   */
  hold(asker: string, stream: Readable): void {
    const own = this.#taken.get(asker) ?? 0;
    if (own >= STREAMS_OF_ONE || this.#total >= STREAMS_OF_ALL) {
      stream.destroy();
      const who = own >= STREAMS_OF_ONE ? `${own} of this key` : `${this.#total} of all keys`;
      throw new KubecensusError('API_STREAMS_EXCEEDED', `${who} are under way; ask again when one of them has ended`);
    }
    this.#taken.set(asker, own + 1);
    this.#total += 1;
    stream.once('close', () => this.#giveBack(asker));
  }

  #giveBack(asker: string): void {
    this.#total -= 1;
    const left = (this.#taken.get(asker) ?? 1) - 1;
    if (left === 0) this.#taken.delete(asker);
    else this.#taken.set(asker, left);
  }
}
