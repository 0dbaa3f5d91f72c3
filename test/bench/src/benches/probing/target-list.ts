import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** A list of targets in files. */
export interface TargetList {
  /** `address:port` a line. */
  readonly file: string;
  /** Only the addresses, for programs that are told the port apart. */
  readonly addressFile: string;
  readonly size: number;
  /** Fewer than this seen, and a run was no run. */
  readonly leastSeen: number;
}

/** A few targets show nothing by their nature: a server of TLS 1.3 alone shows no certificate in clear. */
const LEAST_SHARE = 0.985;

/** Writes the first `size` of the targets, round and round where there are fewer. */
export function writeTargetList(directory: string, name: string, targets: readonly string[], size: number): TargetList {
  const listed = Array.from({ length: Math.floor(size) }, (_, index) => targets[index % targets.length] ?? '');
  const base = path.join(directory, `${name}-${listed.length}`);
  const [file, addressFile] = [`${base}.txt`, `${base}-addresses.txt`];
  writeFileSync(file, `${listed.join('\n')}\n`);
  writeFileSync(addressFile, `${listed.map((target) => target.slice(0, target.lastIndexOf(':'))).join('\n')}\n`);
  return { file, addressFile, size: listed.length, leastSeen: Math.floor(listed.length * LEAST_SHARE) };
}
