import { spawnLab } from '@kubecensus/lab';
import { defineBench } from '../define-bench.ts';
import { figureBeside } from './probing/figure-beside.ts';
import { compileFirstFlightLoop } from './probing/first-flight-loop.ts';
import { type Measured, measureSlopes } from './probing/measure-slopes.ts';
import { startNginx } from './probing/nginx.ts';
import { otherScanners } from './probing/other-scanners.ts';
import { plainNodeTls } from './probing/plain-node-tls.ts';
import { recordHello } from './probing/record-hello.ts';
import { kubecensusProbe } from './probing/subject.ts';
import { writeTargetList } from './probing/target-list.ts';

const ROUNDS = 3;
const SMALL = 5_000;
const LARGE = 25_000;
/** More than the lines of one piece of a pipe: within a piece the command looks at a target once, however often it is named. */
const ADDRESSES = 5_000;
/** One target in so many is an API server of the lab. */
const ONE_IN = 100;
const LAB_HOSTS = 110;
/** Full handshakes are slow: a slope between smaller sizes is as good, and takes a third of the time. */
const SLOWER_BY = 2.5;
/** Other scanners are slower still, and are measured once. */
const SCANNERS_SLOWER_BY = 10;

/** The Internet in small: hardly anything is Kubernetes. */
export default defineBench({
  about: 'CPU of `kubecensus probe` per target where 1 % are Kubernetes, beside an epoll loop in C and full handshakes',
  settings: {
    rounds: `how often each is run (${ROUNDS})`,
    small: `targets of the smaller run (${SMALL})`,
    large: `targets of the larger run (${LARGE})`,
    onein: `one target in so many is an API server (${ONE_IN})`,
  },
  inBrief: { rounds: 1 },
  async *run({ number, directory, say, signal }) {
    const [rounds, small, large] = [number('rounds', ROUNDS), number('small', SMALL), number('large', LARGE)];
    const oneIn = number('onein', ONE_IN);
    const lab = await spawnLab({ hosts: LAB_HOSTS, seed: 4 });
    try {
      const servers = (await lab.truth(1))
        .filter(({ component, present, evil }) => component === 'kube-apiserver' && present && evil === undefined)
        .map(({ address, port }) => `${address}:${port}`);
      const nginx = await startNginx(directory, {
        addresses: ADDRESSES,
        key: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
        names: 'DNS:www.example.net',
        server: 'ssl_protocols TLSv1.2 TLSv1.3; location / { return 404; }',
      });
      try {
        const web = nginx.targets;
        const mixed = web.map((target, index) =>
          index % oneIn === 0 ? (servers[(index / oneIn) % servers.length] ?? target) : target,
        );
        const lists = (name: string, targets: readonly string[], slower = 1) => ({
          small: writeTargetList(directory, name, targets, small / slower),
          large: writeTargetList(directory, name, targets, large / slower),
        });
        const hello = await recordHello(directory, signal);
        const loop = compileFirstFlightLoop(directory, hello, 'shown');
        const measured: Measured[] = [
          { subject: kubecensusProbe('"certificate":{'), ...lists('mixed', mixed) },
          ...(loop === undefined ? [] : [{ subject: loop, ...lists('mixed', mixed) }]),
          { subject: plainNodeTls(), ...lists('mixed', mixed, SLOWER_BY) },
        ];
        const [ours, ...references] = await measureSlopes(measured, rounds, say, signal);
        if (ours === undefined) return;
        for (const reference of references) {
          yield figureBeside('sweep', ours, reference, reference.name.includes('in C') ? 2.6 : 0.25);
        }
        if (loop === undefined) say('skipped: no C compiler here, so no epoll loop in C');
        for (const scanner of otherScanners(8443)) {
          if ('skipped' in scanner) {
            say(`skipped: ${scanner.skipped}`);
            continue;
          }
          const [slope] = await measureSlopes(
            [{ ...scanner, ...lists('web', web, SCANNERS_SLOWER_BY) }],
            1,
            say,
            signal,
          );
          if (slope !== undefined) yield figureBeside('sweep', ours, slope);
        }
      } finally {
        await nginx.close();
      }
    } finally {
      await lab.close();
    }
  },
});
