import { controllerManager, scheduler } from './controllers.ts';
import type { LabComponent } from './define-lab-component.ts';
import { etcdClient, etcdMetrics, etcdPeer } from './etcd.ts';
import { insecureApiServer } from './insecure-api-server.ts';
import { proxyHealth, proxyMetrics } from './kube-proxy.ts';
import { kubelet, kubeletReadOnly } from './kubelet.ts';

/** Every part of Kubernetes that the lab plays beside API servers. */
export const LAB_COMPONENTS: readonly LabComponent[] = [
  kubelet,
  kubeletReadOnly,
  proxyHealth,
  proxyMetrics,
  etcdClient,
  etcdPeer,
  etcdMetrics,
  controllerManager,
  scheduler,
  insecureApiServer,
];
