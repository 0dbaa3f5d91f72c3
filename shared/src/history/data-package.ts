import { CODEBOOK, TABLE_TITLES } from './codebook.ts';
import type { Manifest } from './manifest.ts';

/** datapackage.json: what is published, for readers that know none of our programs (Frictionless Data Package 1). */
export function toDataPackage(manifest: Manifest): string {
  const first = manifest.censuses[0];
  const last = manifest.censuses.at(-1);
  const description = {
    profile: 'data-package',
    name: `kubecensus-series-${manifest.seriesId}`,
    title: `Kubernetes control planes, series ${manifest.series}`,
    description:
      first === undefined || last === undefined
        ? 'no census yet'
        : `Censuses ${first.censusNumber} to ${last.censusNumber}, as of ${first.asOf} to ${last.asOf}`,
    version: String(manifest.revision),
    created: manifest.publishedAt,
    licenses: [manifest.licence],
    attribution: manifest.attribution,
    resources: manifest.files.map(({ table, path, bytes, sha256, rows }) => ({
      name: table,
      title: TABLE_TITLES[table],
      path,
      format: 'parquet',
      mediatype: 'application/vnd.apache.parquet',
      bytes,
      hash: `sha256:${sha256}`,
      rows,
      schema: {
        fields: CODEBOOK[table].map(({ name, type, meaning }) => ({ name, type, description: meaning })),
      },
    })),
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}
