import type { EndpointCluster } from '@kubecensus/api';
import { formatTarget, parseAddress } from '@kubecensus/shared/addresses';

const WHY_NONE: Readonly<Record<Exclude<EndpointCluster['reason'], 'mark'>, string>> = {
  template: 'shows a mark that several clusters show',
  'not-proved': 'did not prove that it holds the key of its certificate',
  replayed: 'shows a certificate whose key it does not hold',
  'no-mark': 'shows nothing that tells a cluster',
  'no-api-server': 'shows a mark that no API server of the census shows',
};

/** Which cluster an endpoint belongs to: why, since when, with whom, and how old it is. */
export function toClusterLines(clusters: readonly EndpointCluster[]): string[] {
  return clusters.flatMap((one) => {
    const mirror = one.mirrored ? ['mirrored: one server on many addresses or ports, counted apart'] : [];
    if (one.reason !== 'mark') {
      const by = one.mark === null ? '' : `: ${one.mark}`;
      return [`cluster: none in series ${one.series}, for it ${WHY_NONE[one.reason]}${by}`, ...mirror];
    }
    const age = one.clusterSince === null ? 'age not told' : `began on ${one.clusterSince} at the latest`;
    const more = one.fellowCount > one.fellows.length ? ` and ${one.fellowCount - one.fellows.length} more` : '';
    const fellows = one.fellows.map(({ address, port }) => formatTarget(parseAddress(address), port)).join(', ');
    return [
      `cluster: ${one.cluster}, ${age}`,
      `  in series ${one.series} since census ${one.sinceCensus}, by ${one.mark}; key of its certificate proved`,
      `  with: ${one.fellowCount === 0 ? 'no other endpoint' : `${fellows}${more}`}`,
      ...mirror,
    ];
  });
}
