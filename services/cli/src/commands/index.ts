import type { DefineCommand } from './define-command.ts';

/** A command as the help lists it; its options, and what it does, are loaded when it is asked for. */
export interface CommandEntry {
  name: string;
  /** One line; it stands in the README as well. */
  description: string;
  load(): Promise<DefineCommand>;
}

/** In the order of the help. Loading all of them takes 0.8 s of CPU, so only the one that is asked for is. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    description: 'a lab on loopback, a census of it each week through real sockets, and the counts',
    load: async () => (await import('./demo.ts')).defineDemo,
  },
  {
    name: 'scan',
    description:
      'take a census; --dry-run says what it would come to, --resume goes on, --detach leaves it to running services',
    load: async () => (await import('./scan.ts')).defineScan,
  },
  {
    name: 'scans',
    description: 'list the scans and how far they are',
    load: async () => (await import('./scans.ts')).defineScans,
  },
  {
    name: 'up',
    description: 'run all services on this machine until Ctrl-C',
    load: async () => (await import('./up.ts')).defineUp,
  },
  {
    name: 'count',
    description: 'count what a census found',
    load: async () => (await import('./count.ts')).defineCount,
  },
  {
    name: 'search',
    description: 'the endpoints that a question matches',
    load: async () => (await import('./search.ts')).defineSearch,
  },
  {
    name: 'clusters',
    description: 'clusters rebuild: tell again which endpoints share one control plane, from stored evidence',
    load: async () => (await import('./clusters.ts')).defineClusters,
  },
  {
    name: 'trend',
    description: 'counts from census to census',
    load: async () => (await import('./trend.ts')).defineTrend,
  },
  {
    name: 'diff',
    description: 'what changed between two censuses',
    load: async () => (await import('./diff.ts')).defineDiff,
  },
  {
    name: 'report',
    description: 'the week of a census, to be read without a tool',
    load: async () => (await import('./report.ts')).defineReport,
  },
  {
    name: 'export',
    description:
      'endpoints with all that was seen of them, as NDJSON, CSV, Parquet, zgrab2 or Shadowserver lines, or a sample',
    load: async () => (await import('./export.ts')).defineExport,
  },
  {
    name: 'import',
    description: 'findings from elsewhere: exports of ours, lines of zgrab2',
    load: async () => (await import('./import.ts')).defineImport,
  },
  {
    name: 'probe',
    description:
      'look at targets without a database, one JSON line each; --classify adds what each is, --component looks for other parts of Kubernetes',
    load: async () => (await import('./probe.ts')).defineProbe,
  },
  {
    name: 'history',
    description: 'publish completed censuses as Parquet files, and check them',
    load: async () => (await import('./history.ts')).defineHistory,
  },
  { name: 'keys', description: 'keys of the api', load: async () => (await import('./keys.ts')).defineKeys },
  {
    name: 'reclassify',
    description: 'judge stored evidence again by the rules of this version',
    load: async () => (await import('./reclassify.ts')).defineReclassify,
  },
  {
    name: 'forget',
    description: 'drop the months of the record that are past their time',
    load: async () => (await import('./forget.ts')).defineForget,
  },
  {
    name: 'check',
    description: 'what a stranger sees of your own addresses, since when, and how to close it',
    load: async () => (await import('./check.ts')).defineCheck,
  },
  {
    name: 'explain',
    description: 'all that the record knows of an address, and why it says so',
    load: async () => (await import('./explain.ts')).defineExplain,
  },
  {
    name: 'touches',
    description: 'what was done to an address: when, on which ports, with what',
    load: async () => (await import('./touches.ts')).defineTouches,
  },
  {
    name: 'local',
    description: "on a cluster's own machine: which of its ports listen, and how far they reach",
    load: async () => (await import('./local.ts')).defineLocal,
  },
  {
    name: 'exclude',
    description: 'ranges where nobody looks, and signed receipts for their owners',
    load: async () => (await import('./exclude.ts')).defineExclude,
  },
  {
    name: 'identify',
    description: 'the files that tell the scanned who you are',
    load: async () => (await import('./identify.ts')).defineIdentify,
  },
  {
    name: 'canary',
    description: 'endpoints of your own that tell how much a census misses',
    load: async () => (await import('./canary.ts')).defineCanary,
  },
  {
    name: 'tables',
    description: 'the tables that answers rest on, and how to refresh them from files that you downloaded',
    load: async () => (await import('./tables.ts')).defineTables,
  },
  {
    name: 'lab',
    description: 'a small Internet on loopback, for scans to practise on',
    load: async () => (await import('./lab.ts')).defineLab,
  },
  {
    name: 'doctor',
    description: 'whether everything is there that kubecensus needs',
    load: async () => (await import('./doctor.ts')).defineDoctor,
  },
  {
    name: 'migrate',
    description: 'bring the store up to this version',
    load: async () => (await import('./migrate.ts')).defineMigrate,
  },
];
