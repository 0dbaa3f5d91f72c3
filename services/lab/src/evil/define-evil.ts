import type { Outcome } from '@kubecensus/shared/vocabulary';
import type { Behaviour, BehaviourTools } from '../servers/behaviour.ts';
import type { TlsSpecification } from '../servers/server-specification.ts';

export interface EvilContext extends BehaviourTools {
  /** An ordinary kube-apiserver certificate by kubeadm, with what goes with it. */
  tls: TlsSpecification;
  /** Tells the hosts of one kind apart, from 0: for behaviours that have a place to happen. */
  variant: number;
}

/** One way to mistreat whoever connects. One file each in this folder. */
export interface Evil {
  /** Identity: the file's name. */
  name: string;
  /** It shows the certificate of a kube-apiserver before it misbehaves. */
  showsCertificate: boolean;
  /** Outcomes that an honest prober may name. */
  outcomes: readonly Outcome[];
  /** What its certificate says instead of the ordinary. */
  tls?(tls: TlsSpecification, variant: number): TlsSpecification;
  behave(context: EvilContext): Behaviour;
}

export function defineEvil(evil: Evil): Evil {
  return evil;
}
