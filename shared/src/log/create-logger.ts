import { type Logger, pino } from 'pino';
import { redactCredentials } from './redact.ts';

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];
export type { Logger };

/**
 * One JSON object a line, on stderr: stdout belongs to what was asked for. Credentials in addresses are taken out of
 * the finished line, so that none slips through in an error's text, a stack or a nested field.
 */
export function createLogger(options: { name: string; level: LogLevel; write?: (line: string) => void }): Logger {
  const write = options.write ?? ((line: string) => process.stderr.write(line));
  return pino(
    { name: options.name, level: options.level, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => write(redactCredentials(line)) },
  );
}
