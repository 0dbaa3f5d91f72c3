export { type Environment, readSettings, toLoggedSettings } from './read-settings.ts';
export type { Setting, Settings, SettingValues } from './setting.ts';
export { readSharedConfig, type SharedConfig, sharedSettings } from './shared-config.ts';
