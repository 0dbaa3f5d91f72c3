import { type Environment, readSharedConfig, type SharedConfig } from '@kubecensus/shared/config';

/** @throws KubecensusError CONFIG_INVALID, with every bad variable named at once */
export function readCliConfig(environment?: Environment): SharedConfig {
  return readSharedConfig(environment);
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
