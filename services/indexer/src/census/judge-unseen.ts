import type { Outcome } from '@kubecensus/shared/vocabulary';

/** What a census says of an endpoint that the one before had and this one did not see. */
export type Absence =
  | 'gone'
  | 'excluded'
  | 'out-of-scope'
  | 'not-reached'
  /** Gone by its revisits, in a census that may not call anything so: not reached, for that reason. */
  | 'low-recall';

export interface UnseenFacts {
  inScope: boolean;
  excluded: boolean;
  /** What the revisits came to; null where there was none. */
  firstRevisit: Outcome | null;
  secondRevisit: Outcome | null;
  /** False where the census recognised too few of its canaries to say that anything is gone. */
  callsGone: boolean;
}

/** A closed port says so at once: one look is proof. So is another service that answers in its place. */
const PROOF: ReadonlySet<Outcome> = new Set<Outcome>(['connection-refused', 'not-component', 'not-tls', 'needs-name']);

/** Silence may be loss, ours or the network's: proof only when it comes twice, hours apart. */
export const SILENT_OUTCOMES: readonly Outcome[] = ['connection-timeout', 'unreachable'];

/**
 * Gone needs proof. Everything that is none (a reset, half a handshake, our own failure, no revisit at all) leaves the
 * sighting open and the endpoint not reached in this census.
 */
export function judgeUnseen({ inScope, excluded, firstRevisit, secondRevisit, callsGone }: UnseenFacts): Absence {
  // An exclusion is why it is out of the frozen scope, or why the gate refused it: the nearer cause is told.
  if (excluded) return 'excluded';
  if (!inScope) return 'out-of-scope';
  const [first, second] = [firstRevisit, secondRevisit];
  if (first === 'excluded' || second === 'excluded') return 'excluded';
  const isProved = (first !== null && PROOF.has(first)) || (second !== null && PROOF.has(second));
  const isSilentTwice = [first, second].every((outcome) => outcome !== null && SILENT_OUTCOMES.includes(outcome));
  if (!isProved && !isSilentTwice) return 'not-reached';
  return callsGone ? 'gone' : 'low-recall';
}
