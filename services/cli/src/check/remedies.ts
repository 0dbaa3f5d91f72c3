import type { Component } from '@kubecensus/shared/vocabulary';

/** What helps everywhere. */
const FIREWALL =
  'Let only your own networks reach this port: a firewall, a security group or the load balancer in front.';

// Not --anonymous-auth=false, and not the whole role: kubeadm's own probes of /livez and /readyz are anonymous, and
// the API server would be restarted for ever.
const VERSION_CLOSED =
  'kubectl edit clusterrole system:public-info-viewer: annotate rbac.authorization.kubernetes.io/autoupdate: "false" and take /version and /version/ out; health probes keep working.';

/** API servers by distribution: the vendor's own switch for who reaches the endpoint, or where its flags are set. */
const API_SERVERS: Readonly<Record<string, readonly string[]>> = {
  eks: [
    'aws eks update-cluster-config --name NAME --resources-vpc-config endpointPublicAccess=false,endpointPrivateAccess=true',
    'Or keep it public for your own networks alone: publicAccessCidrs=CIDR in the same option.',
  ],
  gke: [
    'gcloud container clusters update NAME --enable-master-authorized-networks --master-authorized-networks CIDR',
    'A private endpoint, or the DNS-based one with IAM in front, needs no public address at all.',
  ],
  aks: [
    'az aks update --name NAME --resource-group GROUP --api-server-authorized-ip-ranges CIDR',
    'A private cluster needs no public address at all.',
  ],
  doks: [
    'Turn on the control plane firewall of the cluster and name your own networks in it (DigitalOcean console or doctl).',
  ],
  lke: ['Turn on the control plane ACL of the cluster and name your own networks in it (Akamai cloud manager or API).'],
  ack: [
    'Take the public address (EIP) off the API server in the ACK console, or set an access control list on its load balancer.',
  ],
  k3s: ['/etc/rancher/k3s/config.yaml: kube-apiserver-arg: ["anonymous-auth=false"], then restart k3s.', FIREWALL],
  rke2: [
    '/etc/rancher/rke2/config.yaml: kube-apiserver-arg: ["anonymous-auth=false"], then restart rke2-server.',
    FIREWALL,
  ],
  microk8s: [
    '/var/snap/microk8s/current/args/kube-apiserver: --anonymous-auth=false, then microk8s stop and start.',
    FIREWALL,
  ],
  k0s: ['k0s.yaml: spec.api.extraArgs: {anonymous-auth: "false"}, then restart k0scontroller.', FIREWALL],
  talos: [
    'Machine configuration: cluster.apiServer.extraArgs: {anonymous-auth: "false"}; its ingress firewall (NetworkRuleConfig) closes the port to strangers.',
  ],
  kops: [
    'kops edit cluster: spec.api.access (spec.kubernetesApiAccess in older ones): your own networks, then kops update cluster --yes.',
  ],
  openshift: [
    'Publish the API internally (publish: Internal at installation), or restrict its load balancer to your own networks.',
  ],
};

const COMPONENTS: Readonly<Record<Exclude<Component, 'kube-apiserver'>, readonly string[]>> = {
  'kube-apiserver-insecure': [
    'kube-apiserver --insecure-port=0: this port has no authentication at all. From 1.20 on it is gone, so upgrade.',
    FIREWALL,
  ],
  kubelet: [
    'KubeletConfiguration: authentication.anonymous.enabled: false and authorization.mode: Webhook, then restart the kubelet.',
    FIREWALL,
  ],
  'kubelet-read-only': ['KubeletConfiguration: readOnlyPort: 0, then restart the kubelet.'],
  'kube-proxy-metrics': ['KubeProxyConfiguration: metricsBindAddress: 127.0.0.1:10249, then restart kube-proxy.'],
  'kube-proxy-health': [`Load balancers ask this port for health, and nobody else needs it. ${FIREWALL}`],
  'etcd-client': ['etcd --client-cert-auth --trusted-ca-file=CA, and listen on private addresses alone.', FIREWALL],
  'etcd-peer': [
    'etcd --peer-client-cert-auth --peer-trusted-ca-file=CA, and listen on private addresses alone.',
    FIREWALL,
  ],
  'etcd-metrics': ['etcd --listen-metrics-urls=http://127.0.0.1:2381'],
  'kube-controller-manager': ['kube-controller-manager --bind-address=127.0.0.1'],
  'kube-scheduler': ['kube-scheduler --bind-address=127.0.0.1'],
};

/** How to close an endpoint: at most two lines. */
export function toRemedy(component: string, distribution: string | undefined, exposure: string): readonly string[] {
  if (component === 'kube-apiserver') {
    const own = distribution === undefined ? undefined : API_SERVERS[distribution];
    if (exposure !== 'says-version' && exposure !== 'open') return own?.length === 1 ? own : [FIREWALL];
    return own ?? [VERSION_CLOSED, FIREWALL];
  }
  return COMPONENTS[component as keyof typeof COMPONENTS] ?? [FIREWALL];
}
