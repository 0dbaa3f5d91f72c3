/** A part of Kubernetes that listens. One spelling in files, rows, metrics and URLs. */
export const COMPONENTS = [
  'kube-apiserver',
  'kube-apiserver-insecure',
  'kubelet',
  'kubelet-read-only',
  'kube-proxy-metrics',
  'kube-proxy-health',
  'etcd-client',
  'etcd-peer',
  'etcd-metrics',
  'kube-controller-manager',
  'kube-scheduler',
] as const;

export type Component = (typeof COMPONENTS)[number];
