import { createLogger, type Logger, type LogLevel } from '@kubecensus/shared/log';
import type { Terminal } from '../terminal.ts';

/** The log of the services inside a command: a line for a person on a terminal, JSON where it is collected. */
export function createCommandLogger(terminal: Terminal, level: LogLevel): Logger {
  return createLogger({
    name: 'kubecensus',
    level,
    write: (line) => terminal.stderr.write(terminal.stderr.isTTY === true ? toPersonLine(line) : line),
  });
}

function toPersonLine(line: string): string {
  const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
  const reason = err?.message !== undefined && msg?.includes(err.message) !== true ? `: ${err.message}` : '';
  return `kubecensus: ${msg ?? ''}${reason}\n`;
}
