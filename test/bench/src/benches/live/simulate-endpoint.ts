import { formatIpv4 } from '@kubecensus/shared/addresses';
import type { Observation } from '@kubecensus/shared/messages';

/** First address that an endpoint may have; the lab itself listens below. */
const FIRST_ADDRESS = 0x7f20_0000;
/** The beginning of every certificate's content (RFC 5280 section 4.1): version 3, then the serial number's tag. */
const BEFORE_SERIAL = Buffer.from('a003020102', 'hex');
const FLOW_SCHEMA = 'x-kubernetes-pf-flowschema-uid';

interface Template {
  readonly observation: Observation;
  readonly leaf: Buffer;
  /** Where four bytes inside the serial number lie; undefined where there are none to change. */
  readonly serialAt: number | undefined;
}

export function toTemplate(observation: Observation): Template {
  const leaf = Buffer.from(observation.evidence.chain[0] ?? '', 'base64');
  const at = leaf.indexOf(BEFORE_SERIAL) + BEFORE_SERIAL.length;
  const length = leaf[at + 1] ?? 0;
  const isLong = at >= BEFORE_SERIAL.length && leaf[at] === 0x02 && length >= 5 && length <= 20;
  return { observation, leaf, serialAt: isLong ? at + 2 + length - 4 : undefined };
}

/**
 * What a probe would see of one endpoint of a large population: a template's evidence with a certificate, and an
 * answer's FlowSchema uid, of its own. `edition` counts its renewals: another one is another certificate.
 */
export function simulateEndpoint(
  templates: readonly Template[],
  endpoint: number,
  edition: number,
  observedAt: number,
): Observation {
  const template = templates[endpoint % templates.length];
  if (template === undefined) throw new RangeError('there is no template to simulate endpoints by');
  const { observation, leaf, serialAt } = template;
  const { evidence } = observation;
  let own = evidence.chain[0] ?? '';
  if (serialAt !== undefined) {
    leaf.writeUInt32BE((Math.imul(endpoint, 64) + edition) >>> 0, serialAt);
    own = leaf.toString('base64');
  }
  const uid = endpoint.toString(16).padStart(12, '0');
  return {
    ...observation,
    address: formatIpv4(FIRST_ADDRESS + endpoint),
    observedAt,
    evidence: {
      ...evidence,
      chain: [own, ...evidence.chain.slice(1)],
      ...(evidence.response !== undefined && {
        response: {
          ...evidence.response,
          headers: evidence.response.headers.map(([name, value]) =>
            name === FLOW_SCHEMA ? [name, value.slice(0, -12) + uid] : [name, value],
          ),
        },
      }),
    },
  };
}
