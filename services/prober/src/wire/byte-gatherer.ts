const FIRST_BYTES = 512;

/** Joins pieces into one buffer that grows by doubling, so that dripped bytes cost no more than whole ones. */
export class ByteGatherer {
  #bytes: Buffer | undefined;
  length = 0;

  append(source: Buffer, start: number, end: number): void {
    const length = this.length + end - start;
    if (this.#bytes === undefined || length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(FIRST_BYTES, this.length === 0 ? length : 2 * length));
      this.#bytes?.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    source.copy(this.#bytes, this.length, start, end);
    this.length = length;
  }

  /** A view, valid until the next `append`. */
  view(): Buffer {
    return this.#bytes === undefined ? Buffer.alloc(0) : this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }
}
