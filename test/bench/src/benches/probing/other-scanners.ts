import { spawnSync } from 'node:child_process';
import { countLines, SOCKETS, type Subject } from './subject.ts';
import type { TargetList } from './target-list.ts';

/** A scanner of others, or why it is not measured here. */
export type Scanner = { readonly subject: Subject } | { readonly skipped: string };

/** The other scanners, each as it reads certificates at its fastest that we know of. All targets listen on one port. */
export function otherScanners(port: number): Scanner[] {
  return [
    scanner('nmap', ['-V'], {
      words: ({ addressFile }) => [
        ...['-n', '-Pn', '-sT', '-T5', '--max-retries', '0', '--min-parallelism', String(SOCKETS)],
        ...['-p', String(port), '--script', 'ssl-cert', '-iL', addressFile],
      ],
      mark: 'Not valid before',
    }),
    scanner('zgrab2', ['--help'], {
      words: ({ addressFile }) => ['tls', '--port', String(port), '--senders', String(SOCKETS), '-f', addressFile],
      mark: '"raw"',
    }),
    scanner('tlsx', ['-version'], {
      words: ({ addressFile }) => [
        ...['-silent', '-json', '-cert', '-disable-update-check', '-c', String(SOCKETS)],
        ...['-p', String(port), '-l', addressFile],
      ],
      mark: '"certificate"',
    }),
    { skipped: 'masscan sends raw packets past the kernel, which loopback does not carry' },
  ];
}

function scanner(
  program: string,
  version: readonly string[],
  { words, mark }: { words: (list: TargetList) => readonly string[]; mark: string },
): Scanner {
  if (spawnSync(program, version, { stdio: 'ignore' }).error !== undefined)
    return { skipped: `${program} is not on PATH` };
  return {
    subject: { name: program, program, words, readsTargets: false, countSeen: (stdout) => countLines(stdout, mark) },
  };
}
