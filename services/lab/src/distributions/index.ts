import ack from './ack.ts';
import aks from './aks.ts';
import type { LabDistribution } from './define-distribution.ts';
import doks from './doks.ts';
import eks from './eks.ts';
import gke from './gke.ts';
import hardWay from './hard-way.ts';
import hypershift from './hypershift.ts';
import iks from './iks.ts';
import k0s from './k0s.ts';
import k3d from './k3d.ts';
import k3s from './k3s.ts';
import kamaji from './kamaji.ts';
import kind from './kind.ts';
import kops from './kops.ts';
import kubeadm from './kubeadm.ts';
import kubespray from './kubespray.ts';
import microk8s from './microk8s.ts';
import microshift from './microshift.ts';
import minikube from './minikube.ts';
import openshift from './openshift.ts';
import privateAuthority from './private-authority.ts';
import rke1 from './rke1.ts';
import rke2 from './rke2.ts';
import talos from './talos.ts';
import tanzu from './tanzu.ts';
import tke from './tke.ts';

/**
 * Every distribution that the lab plays.
 *
 * Shares follow the anonymous `/version` answers of Censys on 2024-02-05 (GKE 46.6 %, EKS 23.5 %, OpenShift 15.9 %,
 * IKS 6.9 %, plain upstream 5.8 %, ACK 0.6 %, TKE 0.3 %), with those that never answer (AKS, k3s, RKE2, Talos,
 * MicroK8s, RKE1) put beside them; for the silent ones there is no published count, so their shares are a guess.
 *
 * What an honest observer can say of each:
 *
 * | played | verdict | why |
 * |---|---|---|
 * | kubeadm | kubeadm | kubeadm's names of subject and issuer, sorted names, plain gitVersion or closed |
 * | kind, minikube, k3d, kubespray, kops, kamaji, hypershift, microshift, hard-way | itself | names that only this tool or guide writes |
 * | k3s, rke2, rke1, k0s, microk8s, talos, openshift, aks, doks, eks | itself | authority, subject or endpoint name, also where `/version` is closed |
 * | gke | gke | gitVersion; where closed, UUID issuer and address as subject (no public capture: the weakest of the lab's marks) |
 * | iks, tke, ack, tanzu | itself | gitVersion |
 * | private-authority | upstream | a plain gitVersion and a certificate without a mark; its `/version` is never closed in the lab, for then it would be unknown |
 * | mutations | unknown | see `mutations/index.ts`, each with its reason |
 */
export const DISTRIBUTIONS: readonly LabDistribution[] = [
  gke,
  eks,
  openshift,
  kubeadm,
  k3s,
  iks,
  aks,
  rke2,
  microk8s,
  doks,
  talos,
  ack,
  rke1,
  privateAuthority,
  minikube,
  tke,
  k3d,
  kind,
  k0s,
  kubespray,
  kops,
  hardWay,
  hypershift,
  tanzu,
  kamaji,
  microshift,
];
