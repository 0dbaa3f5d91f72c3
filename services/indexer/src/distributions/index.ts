// Generated from the files of this folder: npx vitest run services/indexer/src/distributions -u

import { ack } from './ack.ts';
import { ackEdge } from './ack-edge.ts';
import { aks } from './aks.ts';
import { alibabaEns } from './alibaba-ens.ts';
import { alibabaInternal } from './alibaba-internal.ts';
import { apsaraStack } from './apsara-stack.ts';
import { canonicalKubernetes } from './canonical-kubernetes.ts';
import { cce } from './cce.ts';
import { civo } from './civo.ts';
import { coreosKubernetes } from './coreos-kubernetes.ts';
import { deckhouse } from './deckhouse.ts';
import type { Distribution } from './define-distribution.ts';
import { dockerDesktop } from './docker-desktop.ts';
import { doks } from './doks.ts';
import { eks } from './eks.ts';
import { eksD } from './eks-d.ts';
import { exoscale } from './exoscale.ts';
import { gardener } from './gardener.ts';
import { gke } from './gke.ts';
import { hardWay } from './hard-way.ts';
import { hpeEzmeral } from './hpe-ezmeral.ts';
import { hypershift } from './hypershift.ts';
import { ibmCloudPrivate } from './ibm-cloud-private.ts';
import { iks } from './iks.ts';
import { k0s } from './k0s.ts';
import { k3d } from './k3d.ts';
import { k3s } from './k3s.ts';
import { kamaji } from './kamaji.ts';
import { kind } from './kind.ts';
import { konvoy } from './konvoy.ts';
import { kops } from './kops.ts';
import { kubeUp } from './kube-up.ts';
import { kubeadm } from './kubeadm.ts';
import { kubespray } from './kubespray.ts';
import { lke } from './lke.ts';
import { microk8s } from './microk8s.ts';
import { microshift } from './microshift.ts';
import { minikube } from './minikube.ts';
import { mke } from './mke.ts';
import { okd } from './okd.ts';
import { olcne } from './olcne.ts';
import { openshift } from './openshift.ts';
import { ovh } from './ovh.ts';
import { rancherCattle } from './rancher-cattle.ts';
import { rke1 } from './rke1.ts';
import { rke2 } from './rke2.ts';
import { roks } from './roks.ts';
import { scaleway } from './scaleway.ts';
import { talos } from './talos.ts';
import { tanzu } from './tanzu.ts';
import { tectonic } from './tectonic.ts';
import { tencentBcs } from './tencent-bcs.ts';
import { tencentTce } from './tencent-tce.ts';
import { tke } from './tke.ts';
import { transwarp } from './transwarp.ts';
import { vcluster } from './vcluster.ts';
import { vke } from './vke.ts';
import { vultr } from './vultr.ts';

/** Every distribution that the census can tell, or says why it cannot. */
export const DISTRIBUTIONS: readonly Distribution[] = [
  ack,
  ackEdge,
  aks,
  alibabaEns,
  alibabaInternal,
  apsaraStack,
  canonicalKubernetes,
  cce,
  civo,
  coreosKubernetes,
  deckhouse,
  dockerDesktop,
  doks,
  eks,
  eksD,
  exoscale,
  gardener,
  gke,
  hardWay,
  hpeEzmeral,
  hypershift,
  ibmCloudPrivate,
  iks,
  k0s,
  k3d,
  k3s,
  kamaji,
  kind,
  konvoy,
  kops,
  kubeUp,
  kubeadm,
  kubespray,
  lke,
  microk8s,
  microshift,
  minikube,
  mke,
  okd,
  olcne,
  openshift,
  ovh,
  rancherCattle,
  rke1,
  rke2,
  roks,
  scaleway,
  talos,
  tanzu,
  tectonic,
  tencentBcs,
  tencentTce,
  tke,
  transwarp,
  vcluster,
  vke,
  vultr,
];
