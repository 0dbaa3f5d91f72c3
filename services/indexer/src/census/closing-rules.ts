import type { PlaceTablesSource } from '@kubecensus/shared/tables';
import { RULES_VERSION } from '../fingerprint/index.ts';

/** What a census goes by when it closes. */
export interface ClosingRules {
  /**
   * Share of the looks at canaries, 0 to 1, that must have recognised one, in the scan and in its revisits. Below it the
   * census was blind to an extent that nobody knows, and calls nothing gone. Without canaries it is not asked.
   */
  minCanaryRecall: number;
  /** Of the rules that judged what it found. */
  rulesVersion: number;
  /** Say of every endpoint where it lies; without them nothing is known of it. */
  places?: PlaceTablesSource;
}

/** A loss of a tenth of all packets costs a thousandth of the looks: recall this low has another cause. */
export const CLOSING_RULES: ClosingRules = { minCanaryRecall: 0.9, rulesVersion: RULES_VERSION };
