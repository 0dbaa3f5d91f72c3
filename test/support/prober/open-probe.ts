import { afterEach } from 'vitest';
import { createProbe, type Probe, type ProbeOptions } from '../../../services/prober/src/probe-target.ts';

interface Closable {
  close(): Promise<void>;
}

/** What the tests of one file open, closed after each of them. */
export interface Opened {
  /** A probe of `scan.example.org`. */
  startProbe(options?: Partial<ProbeOptions>): Probe;
  /** Once it runs, it is closed after the test. */
  keep<Running extends Closable>(starting: Promise<Running>): Promise<Running>;
}

/** @param defaults of every probe of the file */
export function closeAfterEach(defaults: Partial<ProbeOptions> = {}): Opened {
  const open: Closable[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  return {
    startProbe(options = {}) {
      const probe = createProbe({
        operator: { url: 'https://scan.example.org/', name: 'scan.example.org' },
        version: '0.1.0',
        mayConnect: () => true,
        ...defaults,
        ...options,
      });
      open.push(probe);
      return probe;
    },
    async keep(starting) {
      const running = await starting;
      open.push(running);
      return running;
    },
  };
}
