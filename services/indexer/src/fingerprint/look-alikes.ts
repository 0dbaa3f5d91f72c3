import type { Component } from '@kubecensus/shared/vocabulary';
import type { Condition } from '../distributions/define-distribution.ts';
import { indexConditions } from './condition-index.ts';
import type { Facts } from './facts.ts';

/** Something that shows an API server's marks, or answers as one, and is none. */
export interface LookAlike {
  /** What it is. */
  readonly name: string;
  readonly source: string;
  /** Any one of these suffices. */
  readonly when: readonly Condition[];
  /** The component that it truly is, on which it is no look-alike. */
  readonly truly?: readonly Component[];
}

export const LOOK_ALIKES: readonly LookAlike[] = [
  {
    name: 'kube-controller-manager-or-scheduler',
    source: 'recorded from 1.20.2: it names the client CAs of an API server and has a certificate of its own making',
    when: [{ subject: { cn: /^localhost@\d{1,12}$/ }, issuer: { cn: /^localhost-ca@\d{1,12}$/ } }],
    truly: ['kube-controller-manager', 'kube-scheduler'],
  },
  {
    name: 'kubelet',
    source: 'recorded from 1.20.2: self-signed <node>@<time> by <node>-ca@<time>',
    when: [
      {
        subject: { cn: /^(?!localhost@|apiserver-loopback-client@).{1,253}@\d{1,12}$/ },
        issuer: { cn: /-ca@\d{1,12}$/ },
        // An API server that was given no certificate makes itself one of the same shape, with its own names.
        dnsNames: { none: /^kubernetes(\.default.*)?$/ },
      },
    ],
    truly: ['kubelet'],
  },
  {
    name: 'kubelet',
    source: 'kubernetes/kubernetes: serving certificates that the cluster signs',
    when: [{ subject: { cn: /^system:node:/, o: 'system:nodes' } }],
    truly: ['kubelet'],
  },
  {
    name: 'microk8s-cluster-agent',
    source: 'recorded capture: port 25000 shows the certificate of the API server',
    when: [
      { subject: { o: 'Canonical', ou: 'Canonical' }, ports: [25000] },
      { subject: { o: 'Canonical', ou: 'Canonical' }, header: { name: 'server', value: /^gunicorn\// } },
    ],
  },
  {
    name: 'rke2-supervisor',
    source: 'rancher/rke2:pkg/cli/defaults/defaults.go@6ce1a80; recorded captures of 9345',
    when: [{ subject: { cn: 'rke2', o: 'rke2' } }],
  },
  {
    name: 'k0s-controller-api',
    source: 'k0sproject/k0s:pkg/component/controller/certificates.go@05a531a',
    when: [{ subject: { cn: 'k0s-api' } }],
  },
  {
    name: 'konnectivity-server',
    source: 'clastix/kamaji@ddbabd8: CN=system:konnectivity-server on 8132',
    when: [{ subject: { cn: 'system:konnectivity-server' } }],
  },
  {
    name: 'ingress-nginx',
    source: 'rapid7/recog:xml/x509_subjects.xml@14fa1a7',
    when: [{ subject: { cn: 'Kubernetes Ingress Controller Fake Certificate' } }],
  },
  {
    name: 'traefik',
    source: 'rapid7/recog:xml/x509_subjects.xml@14fa1a7',
    when: [{ subject: { cn: 'TRAEFIK DEFAULT CERT' } }],
  },
];

export type LookAlikeIndex = (facts: Facts) => LookAlike | undefined;

/** Of several that hold the first declared counts. */
export function indexLookAlikes(lookAlikes: readonly LookAlike[]): LookAlikeIndex {
  const find = indexConditions(lookAlikes.flatMap((value) => value.when.map((when) => ({ when, value }))));
  return (facts) => {
    const shown = find(facts).filter(({ truly }) => truly?.includes(facts.component) !== true);
    return shown.length === 0 ? undefined : lookAlikes.find((lookAlike) => shown.includes(lookAlike));
  };
}

/** /version answers, with a document that is not Kubernetes' and not known by name. */
export const OTHER_DOCUMENT = 'other-version-document';

const DECLARED = indexLookAlikes(LOOK_ALIKES);

/**
 * What the facts truly show, where that is not the component that was asked for. A server that answers /version as
 * only an API server does is one, whatever its certificate.
 */
export function toLookAlike(facts: Facts, find: LookAlikeIndex = DECLARED): string | undefined {
  if (facts.version?.kind === 'version') return undefined;
  const shown = find(facts);
  if (shown !== undefined) return shown.name;
  if (facts.version?.kind === 'look-alike' && !facts.component.startsWith('etcd')) {
    return facts.version.product ?? OTHER_DOCUMENT;
  }
  return undefined;
}
