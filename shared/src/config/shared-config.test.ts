import { expect, test } from 'vitest';
import { readSharedConfig } from './shared-config.ts';

const HOME = '/home/census';

test('without any variable the data lies below the home directory and the log says info', () => {
  const config = readSharedConfig({ HOME });
  expect(config).toMatchObject({
    dataDir: '/home/census/.local/share/kubecensus',
    databaseUrl: undefined,
    logLevel: 'info',
    colorAllowed: true,
  });
});

test('the data directory follows KUBECENSUS_DATA_DIR, then an absolute XDG_DATA_HOME', () => {
  expect(readSharedConfig({ HOME, XDG_DATA_HOME: '/srv/data' }).dataDir).toBe('/srv/data/kubecensus');
  expect(readSharedConfig({ HOME, XDG_DATA_HOME: 'relative' }).dataDir).toBe('/home/census/.local/share/kubecensus');
  expect(readSharedConfig({ HOME, XDG_DATA_HOME: '/srv/data', KUBECENSUS_DATA_DIR: '/srv/own' }).dataDir).toBe(
    '/srv/own',
  );
});

test('an empty variable counts as not set, and an empty HOME as the one of the user', () => {
  const config = readSharedConfig({ HOME: '', DATABASE_URL: '', LOG_LEVEL: '', NO_COLOR: '' });
  expect(config).toMatchObject({ databaseUrl: undefined, logLevel: 'info', colorAllowed: true });
  expect(config.dataDir).toMatch(/^\/.+\/\.local\/share\/kubecensus$/);
});

test('every bad variable is named at once, with what was expected, and no credential is shown', () => {
  const environment = {
    HOME,
    LOG_LEVEL: 'loud',
    DATABASE_URL: 'mysql://census:hunter2@db',
    KUBECENSUS_OPERATOR_MAIL: 'nobody',
  };
  expect(() => readSharedConfig(environment)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      exitCode: 2,
      message:
        'environment: DATABASE_URL is not usable (its value is not shown), expected postgres://USER:PASSWORD@HOST:5432/DATABASE; ' +
        'KUBECENSUS_OPERATOR_MAIL is "nobody", expected a mail address; ' +
        'LOG_LEVEL is "loud", expected one of silent, fatal, error, warn, info, debug, trace; correct or unset what is named',
    }),
  );
});

test('the configuration is frozen', () => {
  const config = readSharedConfig({ HOME });
  expect(Object.isFrozen(config)).toBe(true);
  expect(() => Object.assign(config, { logLevel: 'trace' })).toThrow(TypeError);
});

test('what may be logged names the variables and leaves out credentials', () => {
  const { logged } = readSharedConfig({ HOME, DATABASE_URL: 'postgres://census:hunter2@db:5432/kubecensus' });
  expect(logged).toMatchObject({ DATABASE_URL: 'postgres://***@db:5432/kubecensus', LOG_LEVEL: 'info' });
});
