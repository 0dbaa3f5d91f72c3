import type { Component } from '@kubecensus/shared/vocabulary';
import type { ComponentDefinition } from './define-component.ts';
import { etcdClient } from './etcd-client.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { etcdPeer } from './etcd-peer.ts';
import { kubeApiserver } from './kube-apiserver.ts';
import { kubeApiserverInsecure } from './kube-apiserver-insecure.ts';
import { kubeControllerManager } from './kube-controller-manager.ts';
import { kubeProxyHealth } from './kube-proxy-health.ts';
import { kubeProxyMetrics } from './kube-proxy-metrics.ts';
import { kubeScheduler } from './kube-scheduler.ts';
import { kubelet } from './kubelet.ts';
import { kubeletReadOnly } from './kubelet-read-only.ts';

/** Every component that can be looked for; one file each. */
export const COMPONENT_DEFINITIONS: Readonly<Record<Component, ComponentDefinition>> = {
  'kube-apiserver': kubeApiserver,
  'kube-apiserver-insecure': kubeApiserverInsecure,
  kubelet,
  'kubelet-read-only': kubeletReadOnly,
  'kube-proxy-metrics': kubeProxyMetrics,
  'kube-proxy-health': kubeProxyHealth,
  'etcd-client': etcdClient,
  'etcd-peer': etcdPeer,
  'etcd-metrics': etcdMetrics,
  'kube-controller-manager': kubeControllerManager,
  'kube-scheduler': kubeScheduler,
};

export * from './define-component.ts';
