/**
 * What one probe of one target came to. Closed: a new outcome is a new method version.
 *
 * Ordered from the best to the worst knowledge of the target. Where two attempts looked at one
 * target in one scan, the earlier entry of this list wins, and a tie goes to the earlier attempt.
 */
export const OUTCOMES = [
  'answered', // evidence of the component, and one complete HTTP answer to the declared request
  'present', // evidence of the component, but no complete answer; `reason` says why
  'look-alike', // something that imitates or resembles the component, recognised as such
  'not-component', // TLS and a certificate (or plain HTTP where that was asked), without the component's evidence
  'needs-name', // a TLS server that shows no certificate to a client that sends no server name
  'handshake-refused', // a TLS alert in answer to the hello, and to the fallback where one is made
  'malformed-tls', // bytes that claim to be TLS and break its rules or our caps
  'not-tls', // bytes that are not TLS (a plain HTTP server, an SSH banner)
  'closed-silently', // connected, then closed or reset before any byte
  'read-timeout', // connected, and the deadline passed before the first flight was whole
  'fallback-crashed', // the disposable child died on this target twice
  'connection-refused',
  'unreachable', // ICMP host / network unreachable, no route
  'connection-timeout',
  'excluded', // the last gate refused it: nothing was sent
  'internal-error', // our own fault; counted, never a finding
  'malformed', // the observation failed validation on its way to the record
] as const;

export type Outcome = (typeof OUTCOMES)[number];

const RANKS = new Map<Outcome, number>(OUTCOMES.map((outcome, index) => [outcome, index]));

/** 0 is the best. Stored with every observation, so that SQL and TypeScript rank alike. */
export function outcomeRank(outcome: Outcome): number {
  const rank = RANKS.get(outcome);
  if (rank === undefined) throw new TypeError(`unknown outcome ${String(outcome)}`);
  return rank;
}

/** Outcomes that become a row in the record; all others are counted in their shard's summary. */
export const RECORDED_OUTCOMES: ReadonlySet<Outcome> = new Set<Outcome>(['answered', 'present', 'look-alike']);

/** Why a component that is present gave no complete answer. */
export const PRESENT_REASONS = [
  'first-flight-only', // the scan did not ask to finish the handshake
  'false-start-refused', // the raw handshake and the fallback were both refused after Finished
  'client-certificate-required', // refused for want of a client certificate
  'no-answer', // handshake done, nothing (whole) came before the deadline
  'closed', // handshake done, then closed or reset before a whole answer
  'malformed-answer', // an answer that breaks HTTP's rules
  'answer-too-large', // an answer over the cap
] as const;

export type PresentReason = (typeof PRESENT_REASONS)[number];
