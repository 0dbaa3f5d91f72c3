import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import aks from '../distributions/aks.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from '../distributions/cluster-keys.ts';
import {
  defineDistribution,
  KUBERNETES_NAMES,
  type LabDistribution,
  type ServingContext,
  YEAR_MS,
} from '../distributions/define-distribution.ts';
import eks from '../distributions/eks.ts';
import k3s from '../distributions/k3s.ts';
import microk8s from '../distributions/microk8s.ts';
import minikube from '../distributions/minikube.ts';
import { neutralClientCas, neutralServing } from '../distributions/neutral-certificate.ts';
import openshift from '../distributions/openshift.ts';
import rke2 from '../distributions/rke2.ts';

/** The certificate of `base` with another vendor's gitVersion on `/version`. */
function contradictory(
  name: string,
  base: LabDistribution,
  gitVersions: readonly string[],
  why: string,
): LabDistribution {
  const { learnsNames: _learnsNames, highlyAvailable: _highlyAvailable, closesWithVersion: _closes, ...rest } = base;
  return defineDistribution({
    ...rest,
    name,
    verdict: 'unknown',
    why,
    mutated: true,
    share: 10,
    gitVersions,
    access: () => 'version',
  });
}

const stripped = {
  verdict: 'unknown',
  mutated: true,
  share: 10,
  chain: (context: ServingContext) => [neutralServing(context, { serviceIp: '10.128.0.1' })],
  clientCas: neutralClientCas,
} as const;

/** Two vendors' endpoint names on one certificate whose issuer and subject belong to neither. */
function twoVendors(context: ServingContext) {
  const { cluster, address } = context;
  const id = cluster.uid.replaceAll('-', '');
  return [
    toServingSpecification({
      subject: [['CN', 'api']],
      issuer: [['CN', 'api-ca']],
      sans: [
        ...KUBERNETES_NAMES,
        `DNS:${id}.gr7.eu-west-1.eks.amazonaws.com`,
        `DNS:shop-${id.slice(0, 8)}.hcp.westeurope.azmk8s.io`,
        `IP:${address}`,
      ],
      serial: serialOf(context),
      notBefore: cluster.issuedAt,
      notAfter: cluster.issuedAt + YEAR_MS,
      key: rsaKey(cluster),
      signer: RSA_AUTHORITY,
      authorityKeyId: cluster.authorityKeyId,
      basicConstraints: true,
    }),
  ];
}

/**
 * Hosts that are API servers beyond doubt and of no distribution that an honest observer can name: each one's marks
 * either contradict one another, both sides being a single vendor's own, or were taken away.
 */
export const MUTATIONS: readonly LabDistribution[] = [
  contradictory('k3s-certificate-gke-version', k3s, GIT_VERSIONS.gke, "k3s' certificate, Google's gitVersion"),
  contradictory(
    'openshift-certificate-eks-version',
    openshift,
    GIT_VERSIONS.eks,
    "OpenShift's certificate, Amazon's gitVersion",
  ),
  contradictory(
    'eks-certificate-openshift-version',
    eks,
    GIT_VERSIONS.openshift,
    "Amazon's endpoint name, OpenShift's gitVersion",
  ),
  contradictory('aks-certificate-iks-version', aks, GIT_VERSIONS.iks, "Azure's endpoint name, IBM's gitVersion"),
  contradictory(
    'minikube-certificate-rke2-version',
    minikube,
    GIT_VERSIONS.rke2,
    "minikube's certificate, RKE2's gitVersion",
  ),
  contradictory(
    'microk8s-certificate-k3s-version',
    microk8s,
    GIT_VERSIONS.k3s,
    "MicroK8s' certificate, k3s' gitVersion",
  ),
  contradictory('rke2-certificate-aliyun-version', rke2, GIT_VERSIONS.ack, "RKE2's authority, Alibaba's gitVersion"),
  defineDistribution({
    ...stripped,
    name: 'two-vendors-names',
    why: "Amazon's and Azure's endpoint names on one certificate, /version closed",
    ports: [443],
    gitVersions: GIT_VERSIONS.upstream,
    chain: twoVendors,
    access: () => 'unauthorized',
  }),
  defineDistribution({
    ...stripped,
    name: 'stripped-silent',
    why: 'a certificate of a private authority without a maker’s mark, /version closed',
    ports: [6443, 443],
    gitVersions: GIT_VERSIONS.upstream,
    access: (_gitVersion, random) => (random.chance(0.5) ? 'unauthorized' : 'forbidden'),
  }),
  defineDistribution({
    ...stripped,
    name: 'stripped-unknown-fork',
    why: 'a certificate of a private authority, and a git-describe gitVersion of no known vendor',
    ports: [6443],
    gitVersions: GIT_VERSIONS.unknownFork,
    access: () => 'version',
  }),
  defineDistribution({
    ...stripped,
    name: 'stripped-unknown-suffix',
    why: 'a certificate of a private authority, and a gitVersion with the suffix of a vendor that nobody knows',
    ports: [6443, 8443],
    gitVersions: GIT_VERSIONS.unknownSuffix,
    access: () => 'version',
  }),
];
