import { type Environment, readSharedConfig, type SharedConfig } from '@kubecensus/shared/config';

/**
 * A person reads what a command says, so its log keeps to warnings unless LOG_LEVEL asks for more.
 * @throws KubecensusError CONFIG_INVALID, with every bad variable named at once
 */
export function readCliConfig(environment: Environment = process.env): SharedConfig {
  return readSharedConfig({ ...environment, LOG_LEVEL: environment.LOG_LEVEL || 'warn' });
}

/** What a child process is started with: this process' own environment, with the given variables set or taken out. */
export function childEnvironment(changes: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
  return environment;
}
