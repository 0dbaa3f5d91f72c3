// Generated from the files of this folder: npx vitest run services/indexer/src/distributions -u
import { aks } from './aks.ts';
import type { Distribution } from './define-distribution.ts';
import { eks } from './eks.ts';
import { gke } from './gke.ts';
import { k3s } from './k3s.ts';
import { kubeadm } from './kubeadm.ts';
import { microk8s } from './microk8s.ts';
import { openshift } from './openshift.ts';
import { rke2 } from './rke2.ts';

export const DISTRIBUTIONS: readonly Distribution[] = [aks, eks, gke, k3s, kubeadm, microk8s, openshift, rke2];
