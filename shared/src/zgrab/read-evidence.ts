import type { Evidence, FirstFlight, Response } from '../messages/index.ts';
import type { Certificate } from '../x509/index.ts';

/**
 * Evidence that carries along, within one process and in no message, what was already read of its leaf: to judge a target
 * and to write its line took two readings before.
 */
export class ReadEvidence implements Evidence {
  chain: string[] = [];
  chainLength = 0;
  declare firstFlight?: FirstFlight;
  declare response?: Response;
  #leaf: Certificate | undefined;

  /** Takes down what was read of the first certificate of `chain`. */
  keepLeaf(leaf: Certificate | undefined): void {
    this.#leaf = leaf;
  }

  /** Undefined where nothing was kept: it is then to be read from `chain`. */
  static leafOf(evidence: Evidence): Certificate | undefined {
    return #leaf in evidence ? evidence.#leaf : undefined;
  }
}
