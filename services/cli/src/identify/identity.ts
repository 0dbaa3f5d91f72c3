import { COMPONENT_DEFINITIONS } from '@kubecensus/prober';
import type { OperatorContact } from '@kubecensus/seeder';

/** Who dials from which addresses, for whom, and for how long that is promised. */
export type Identity = {
  readonly operator: OperatorContact;
  readonly purpose: string;
  /** Source addresses, canonical text. */
  readonly sources: readonly string[];
  readonly version: string;
  readonly writtenAt: Date;
  /** RFC 9116 wants less than a year. */
  readonly expiresAt: Date;
  /** The key that signs receipts and manifests: its fingerprint. */
  readonly keyFingerprint: string;
  readonly scan: IdentifiedScan | undefined;
};

export type IdentifiedScan = {
  readonly id: string;
  readonly kind: string;
  readonly targets: string;
  readonly targetCount: number;
  readonly rate: number;
  readonly startedAt: Date;
};

/** The one request of each component, and where it is sent by default. */
export function listRequests(): { component: string; ports: readonly number[]; request: string }[] {
  return Object.values(COMPONENT_DEFINITIONS).map(({ name, ports, request }) => ({
    component: name,
    ports,
    request: `${request.method} ${request.path}`,
  }));
}

/** The host that the operator's page is on: the files belong there. */
export function hostOf({ operator }: Pick<Identity, 'operator'>): string {
  return new URL(operator.url).hostname;
}
