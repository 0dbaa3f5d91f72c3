import { defineBench } from '../define-bench.ts';
import { figureBeside } from './probing/figure-beside.ts';
import { measureSlopes } from './probing/measure-slopes.ts';
import { startNginx } from './probing/nginx.ts';
import { plainNodeTls } from './probing/plain-node-tls.ts';
import { kubecensusProbe } from './probing/subject.ts';
import { writeTargetList } from './probing/target-list.ts';

const ROUNDS = 3;
const SMALL = 5_000;
const LARGE = 25_000;
const ADDRESSES = 5_000;
/** The reference is two to four times as slow; its slope is taken between sizes as much smaller. */
const SLOWER_BY = 2.5;

const VERSION = {
  major: '1',
  minor: '31',
  gitVersion: 'v1.31.4',
  gitCommit: 'a78aa47129b8539636eb86a9d00e31b2720fe06b',
  gitTreeState: 'clean',
  buildDate: '2024-12-10T23:24:04Z',
  goVersion: 'go1.22.9',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** Every target shows an API server's certificate and answers: nginx plays it, for it answers faster than any lab. */
export default defineBench({
  about: 'CPU of `kubecensus probe` per target where all are Kubernetes, beside one handshake and one GET by node:tls',
  settings: {
    rounds: `how often each is run (${ROUNDS})`,
    small: `targets of the smaller run (${SMALL})`,
    large: `targets of the larger run (${LARGE})`,
  },
  inBrief: { rounds: 1 },
  async *run({ number, directory, say, signal }) {
    const [rounds, small, large] = [number('rounds', ROUNDS), number('small', SMALL), number('large', LARGE)];
    const nginx = await startNginx(directory, {
      addresses: ADDRESSES,
      key: ['-newkey', 'rsa:2048'],
      names:
        'DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local',
      // Like an API server, it asks for a client certificate and does without.
      server: `ssl_protocols TLSv1.2 TLSv1.3; ssl_client_certificate ${directory}/nginx/certificate.pem;
        ssl_verify_client optional_no_ca; keepalive_timeout 0; default_type application/json;
        location = /version { return 200 '${JSON.stringify(VERSION, null, 2)}'; }`,
    });
    try {
      const lists = (slower = 1) => ({
        small: writeTargetList(directory, 'api-servers', nginx.targets, small / slower),
        large: writeTargetList(directory, 'api-servers', nginx.targets, large / slower),
      });
      const [ours, reference] = await measureSlopes(
        [
          { subject: kubecensusProbe('"version":{"major":"1"'), ...lists() },
          { subject: plainNodeTls('/version'), ...lists(SLOWER_BY) },
        ],
        rounds,
        say,
        signal,
      );
      if (ours !== undefined && reference !== undefined) yield figureBeside('dense', ours, reference, 0.5);
    } finally {
      await nginx.close();
    }
  },
});
