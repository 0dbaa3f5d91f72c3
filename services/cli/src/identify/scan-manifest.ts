import { type Identity, listRequests } from './identity.ts';

/** What a machine may read of who scans, what is sent and until when that holds; signed beside the page. */
export function toScanManifest(identity: Identity) {
  const { operator, purpose, sources, version, writtenAt, expiresAt, scan } = identity;
  return {
    document: 'kubecensus scan manifest',
    version,
    writtenAt: writtenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    operator: { url: operator.url, mail: operator.mail },
    purpose,
    sources: [...sources],
    connectionsPerTarget: { usual: 1, most: 2 },
    requests: listRequests().map(({ component, ports, request }) => ({ component, ports: [...ports], request })),
    scan:
      scan === undefined
        ? null
        : {
            id: scan.id,
            kind: scan.kind,
            targets: scan.targets,
            targetCount: scan.targetCount,
            connectsPerSecond: scan.rate,
            startedAt: scan.startedAt.toISOString(),
          },
  };
}
