import { parseAddress } from '@kubecensus/shared/addresses';
import { type RecordFile, toAddressKey } from '@kubecensus/shared/history';
import { toPlace, toPort, toVerdict } from './record-rows.ts';
import { type Plane, toAddressText, toDay } from './simulate.ts';

/** Rows of one table as CSV without a head, as the record's COPY gives them; nothing in them needs quotes. */
export function* toCsvRows(table: Exclude<RecordFile, 'censuses'>, planes: Iterable<Plane>): Generator<string> {
  const networks = new Set<number>();
  let sighting = 0;
  for (const plane of planes) {
    const { kind, cluster, network, endpoints, sightings } = plane;
    const first = sightings[0]?.first ?? 1;
    switch (table) {
      case 'sightings':
        for (const { endpoint } of endpoints) {
          for (const { shown, first: begin, last, ended } of sightings) {
            sighting += 1;
            yield [sighting, endpoint, shown.evidence, begin, last, ended].join(',');
          }
        }
        break;
      case 'absences':
        for (const { endpoint } of endpoints) for (const week of plane.absences) yield `${endpoint},${week}`;
        break;
      case 'endpoints':
        for (const [at, { endpoint, address }] of endpoints.entries()) {
          const text = toAddressText(address);
          const key = toAddressKey(parseAddress(text));
          yield [endpoint, text, key, toPort(plane, at), 'kube-apiserver'].join(',');
        }
        break;
      case 'evidence':
        for (const { shown } of sightings) {
          const { outcome, version, minor, exposure, silence, exact, answering } = toVerdict(shown);
          yield [shown.evidence, outcome, kind.distribution, 'high', version, minor, '', '', exposure, silence,
            exact, answering, 'marks', toDay(shown.from), toDay(shown.until)].join(','); // biome-ignore format: one row
        }
        break;
      case 'places':
        if (!networks.has(network)) yield [network, ...toPlace(network)].join(',');
        networks.add(network);
        break;
      case 'endpoint_places':
        for (const { endpoint } of endpoints) yield [endpoint, first, network].join(',');
        break;
      case 'memberships':
        for (const { endpoint } of endpoints) yield [endpoint, first, `authority:${cluster}`, '', false].join(',');
        break;
      case 'clusters':
        // When a cluster began is read from its certificates' marks, which this population has none of.
        break;
    }
  }
}
