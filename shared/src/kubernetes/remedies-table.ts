import type { Component } from '../vocabulary/component.ts';

/**
 * How to close an endpoint. `{port}` stands for its own port; NAME, GROUP, POOL, NODE and CIDR are the owner's to fill in.
 * Each line can be done by itself, the first is the one to do first.
 */
export interface RemedyLines {
  /** What makes the component keep to itself what it shows, or listen on this machine alone. */
  readonly settings?: readonly string[];
  /** Who may reach it: the vendor's own switch. Where there is none, the packet filter's. */
  readonly reach?: readonly string[];
}

/** For ports of a machine that is one's own. Loopback is left alone: components on one machine talk through it. */
export const PACKET_FILTER: readonly string[] = [
  'Let only your own networks (nodes and pods among them) reach port {port}: a firewall, a cloud security group or the load balancer in front.',
  'nftables: nft add rule inet filter input iifname != "lo" tcp dport {port} ip saddr != CIDR drop; the same once more with ip6 saddr.',
  'iptables: iptables -I INPUT ! -i lo -p tcp --dport {port} ! -s CIDR -j DROP; the same with ip6tables.',
  'ufw: ufw allow from CIDR to any port {port} proto tcp, and after it ufw deny {port}/tcp.',
];

/** For nodes that a vendor makes: rules on the machine itself go with the machine. */
export const NODE_SECURITY_GROUP: readonly string[] = [
  "Take inbound port {port} out of the nodes' security group or firewall rules; nodes need no public address, a NAT gateway serves them.",
];

// Health probes of /livez and /readyz are anonymous where kubeadm set them up: with --anonymous-auth=false, or without
// the whole role, the API server would be restarted for ever.
export const VERSION_CLOSED: readonly string[] = [
  'kubectl edit clusterrole system:public-info-viewer: annotate rbac.authorization.kubernetes.io/autoupdate: "false" and take /version and /version/ out; health probes keep working.',
  'From 1.32, instead: --authentication-config with an AuthenticationConfiguration whose anonymous.conditions name /livez, /readyz and /healthz alone, and no --anonymous-auth.',
];

const PROVIDER =
  "The provider's own control plane firewall or access control list, where it has one, with your own networks in it; else a cluster with a private endpoint.";

const PUBLISH_INTERNAL = {
  reach: [
    'Publish the API internally (publish: Internal at installation), or restrict its load balancer on port {port} to your own networks.',
  ],
};
const IBM = {
  reach: [
    'ibmcloud ks cluster master public-service-endpoint disable --cluster NAME, once the private service endpoint is in use.',
    "Or keep it public for your own networks alone: a context-based restriction on the cluster's management API.",
  ],
};
const ALIBABA = {
  reach: [
    'Take the public address (EIP) off the API server in the ACK console, or set an access control list on port {port} of its load balancer.',
  ],
};
const TENCENT = {
  reach: [
    "Turn internet access to the API server off in the cluster's basic information, or narrow its security group on port {port} to your own networks.",
  ],
};

/** API servers by distribution, by the names of the rules; others have no switch of their own. */
export const API_SERVER_REMEDIES: Readonly<Record<string, RemedyLines>> = {
  ack: ALIBABA,
  'ack-edge': ALIBABA,
  aks: {
    reach: [
      'az aks update --name NAME --resource-group GROUP --api-server-authorized-ip-ranges CIDR',
      'A private cluster needs no public address at all.',
    ],
  },
  'alibaba-ens': ALIBABA,
  'canonical-kubernetes': {
    settings: [
      '/var/snap/k8s/common/args/kube-apiserver: --anonymous-auth=false, then snap restart k8s.kube-apiserver.',
    ],
  },
  cce: {
    reach: [
      "Unbind the public address (EIP) from the cluster's API server in the CCE console, or narrow port {port} of the control plane's security group to your own networks.",
    ],
  },
  civo: { reach: ["Narrow port {port} of the cluster's firewall to your own networks (Civo dashboard or CLI)."] },
  'docker-desktop': {
    reach: ['Its API server is for this machine alone: take away what forwards port {port} to it.'],
  },
  doks: {
    reach: [
      'Turn on the control plane firewall of the cluster and name your own networks in it (DigitalOcean console or doctl).',
    ],
  },
  eks: {
    reach: [
      'aws eks update-cluster-config --name NAME --resources-vpc-config endpointPublicAccess=false,endpointPrivateAccess=true',
      'Or keep it public for your own networks alone: publicAccessCidrs=CIDR in the same option.',
    ],
  },
  exoscale: { reach: [PROVIDER] },
  gardener: {
    reach: [
      "An ACL extension in the shoot's spec.extensions that allows your own networks, where the landscape has it.",
    ],
  },
  gke: {
    reach: [
      'gcloud container clusters update NAME --enable-master-authorized-networks --master-authorized-networks CIDR',
      'A private endpoint, or the DNS-based one with IAM in front, needs no public address at all.',
    ],
  },
  hypershift: { reach: ['HostedCluster on AWS: spec.platform.aws.endpointAccess: Private or PublicAndPrivate.'] },
  iks: IBM,
  k0s: { settings: ['k0s.yaml: spec.api.extraArgs: {anonymous-auth: "false"}, then restart k0scontroller.'] },
  k3d: { reach: ['k3d cluster create NAME --api-port 127.0.0.1:{port}: the port is published on this machine alone.'] },
  k3s: {
    settings: ['/etc/rancher/k3s/config.yaml: kube-apiserver-arg: ["anonymous-auth=false"], then restart k3s.'],
  },
  kamaji: {
    reach: ['TenantControlPlane: spec.controlPlane.service.serviceType: ClusterIP, or a load balancer of the inside.'],
  },
  kind: {
    reach: ["kind's cluster configuration: networking.apiServerAddress: 127.0.0.1, and make the cluster again."],
  },
  kops: {
    reach: [
      'kops edit cluster: spec.api.access (spec.kubernetesApiAccess in older ones): your own networks, then kops update cluster --yes.',
    ],
  },
  lke: {
    reach: [
      'Turn on the control plane ACL of the cluster and name your own networks in it (Akamai cloud manager or API).',
    ],
  },
  microk8s: {
    settings: ['/var/snap/microk8s/current/args/kube-apiserver: --anonymous-auth=false, then microk8s stop and start.'],
  },
  minikube: {
    reach: ['minikube delete, then minikube start without --listen-address: it listens on this machine alone.'],
  },
  okd: PUBLISH_INTERNAL,
  openshift: PUBLISH_INTERNAL,
  ovh: { reach: ["The cluster's API server IP restrictions (OVHcloud control panel or API): your own networks."] },
  rke1: {
    settings: ['cluster.yml: services.kube-api.extra_args: {anonymous-auth: "false"}, then rke up.'],
  },
  rke2: {
    settings: [
      '/etc/rancher/rke2/config.yaml: kube-apiserver-arg: ["anonymous-auth=false"], then restart rke2-server.',
    ],
  },
  roks: IBM,
  scaleway: {
    reach: ["The cluster's control plane access control list (Scaleway console or CLI): your own networks."],
  },
  talos: {
    settings: ['Machine configuration: cluster.apiServer.extraArgs: {anonymous-auth: "false"}.'],
    reach: ['Its ingress firewall: a NetworkRuleConfig for port {port} that names your own networks.'],
  },
  tke: TENCENT,
  vcluster: { reach: ['vcluster.yaml: controlPlane.service.spec.type: ClusterIP, and no ingress to it.'] },
  vke: { reach: [PROVIDER] },
  vultr: { reach: [PROVIDER] },
};

/** Distributions whose nodes the vendor makes and replaces. */
export const MANAGED_NODES: ReadonlySet<string> = new Set([
  ...['ack', 'aks', 'cce', 'civo', 'doks', 'eks', 'exoscale', 'gke'],
  ...['iks', 'lke', 'ovh', 'roks', 'scaleway', 'tke', 'vke', 'vultr'],
]);

/** Remedies of one component: of upstream, and of distributions that keep the setting elsewhere. */
export interface ComponentRemedies {
  readonly upstream: RemedyLines;
  readonly of?: Readonly<Record<string, RemedyLines>>;
}

/** k3s and RKE2 keep all arguments of all components in one file. */
function inRancherConfig(option: string, value: string): Readonly<Record<string, RemedyLines>> {
  return {
    k3s: { settings: [`/etc/rancher/k3s/config.yaml: ${option}: ${value}, then restart k3s.`] },
    rke2: {
      settings: [
        `/etc/rancher/rke2/config.yaml: ${option}: ${value}, then restart rke2-server (rke2-agent on workers).`,
      ],
    },
  };
}

function inSnap(argument: string, file: string): Readonly<Record<string, RemedyLines>> {
  return {
    microk8s: { settings: [`/var/snap/microk8s/current/args/${file}: ${argument}, then microk8s stop and start.`] },
    'canonical-kubernetes': {
      settings: [`/var/snap/k8s/common/args/${file}: ${argument}, then snap restart k8s.${file}.`],
    },
  };
}

export const COMPONENT_REMEDIES: Readonly<Record<Exclude<Component, 'kube-apiserver'>, ComponentRemedies>> = {
  'kube-apiserver-insecure': {
    upstream: {
      settings: [
        'kube-apiserver --insecure-port=0: this port has no authentication at all. From 1.20 on it is gone, so upgrade.',
      ],
    },
  },
  kubelet: {
    upstream: {
      settings: [
        'KubeletConfiguration: authentication.anonymous.enabled: false and authorization.mode: Webhook, then restart the kubelet.',
      ],
    },
    of: {
      ...inRancherConfig('kubelet-arg', '["anonymous-auth=false", "authorization-mode=Webhook"]'),
      ...inSnap('--anonymous-auth=false and --authorization-mode=Webhook', 'kubelet'),
    },
  },
  'kubelet-read-only': {
    upstream: { settings: ['KubeletConfiguration: readOnlyPort: 0, then restart the kubelet.'] },
    of: {
      ...inRancherConfig('kubelet-arg', '["read-only-port=0"]'),
      ...inSnap('--read-only-port=0', 'kubelet'),
      gke: {
        settings: ['gcloud container node-pools update POOL --cluster NAME --no-enable-insecure-kubelet-readonly-port'],
      },
    },
  },
  'kube-proxy-metrics': {
    upstream: {
      settings: ['KubeProxyConfiguration: metricsBindAddress: 127.0.0.1:{port}, then restart kube-proxy.'],
    },
    of: {
      ...inRancherConfig('kube-proxy-arg', '["metrics-bind-address=127.0.0.1:{port}"]'),
      ...inSnap('--metrics-bind-address=127.0.0.1:{port}', 'kube-proxy'),
    },
  },
  // Load balancers ask this port for health, and nobody else needs it.
  'kube-proxy-health': {
    upstream: {
      settings: [
        'KubeProxyConfiguration: healthzBindAddress: 127.0.0.1:{port}, where no load balancer asks this port for health; then restart kube-proxy.',
      ],
    },
  },
  'etcd-client': {
    upstream: {
      settings: [
        'etcd --listen-client-urls=https://127.0.0.1:{port},https://NODE:{port} (NODE: a private address) with --client-cert-auth --trusted-ca-file=CA; kubeadm: /etc/kubernetes/manifests/etcd.yaml.',
      ],
    },
  },
  'etcd-peer': {
    upstream: {
      settings: [
        'etcd --listen-peer-urls=https://NODE:{port} (NODE: a private address) with --peer-client-cert-auth --peer-trusted-ca-file=CA; kubeadm: /etc/kubernetes/manifests/etcd.yaml.',
      ],
    },
  },
  'etcd-metrics': {
    upstream: { settings: ['etcd --listen-metrics-urls=http://127.0.0.1:{port}'] },
    of: inRancherConfig('etcd-expose-metrics', 'false'),
  },
  'kube-controller-manager': {
    upstream: {
      settings: [
        'kube-controller-manager --bind-address=127.0.0.1; kubeadm: /etc/kubernetes/manifests/kube-controller-manager.yaml.',
      ],
    },
    of: {
      ...inRancherConfig('kube-controller-manager-arg', '["bind-address=127.0.0.1"]'),
      ...inSnap('--bind-address=127.0.0.1', 'kube-controller-manager'),
    },
  },
  'kube-scheduler': {
    upstream: {
      settings: ['kube-scheduler --bind-address=127.0.0.1; kubeadm: /etc/kubernetes/manifests/kube-scheduler.yaml.'],
    },
    of: {
      ...inRancherConfig('kube-scheduler-arg', '["bind-address=127.0.0.1"]'),
      ...inSnap('--bind-address=127.0.0.1', 'kube-scheduler'),
    },
  },
};
