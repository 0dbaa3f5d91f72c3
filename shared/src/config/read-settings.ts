import { Value } from 'typebox/value';
import { KubecensusError } from '../errors/index.ts';
import { redactCredentials } from '../log/index.ts';
import type { Setting, Settings, SettingValues } from './setting.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings' values from the environment, checked and frozen. A variable that is empty counts as not set, as
 * docker compose passes those on that are not.
 *
 * @throws {KubecensusError} CONFIG_INVALID naming every variable that cannot be used, not only the first
 */
export function readSettings<const D extends Settings>(
  definitions: D,
  environment: Environment = process.env,
): SettingValues<D> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, setting] of Object.entries(definitions)) {
    const text = environment[setting.variable];
    if (text === undefined || text === '') {
      values[key] = setting.default;
      continue;
    }
    const value = toSchemaKind(text, setting);
    if (Value.Check(setting.schema, value)) values[key] = value;
    else problems.push(`${setting.variable} is ${show(text, setting)}, expected ${describeExpected(setting)}`);
  }
  if (problems.length > 0) {
    throw new KubecensusError('CONFIG_INVALID', `environment: ${problems.join('; ')}; correct or unset what is named`);
  }
  return Object.freeze(values) as SettingValues<D>;
}

/** The values as they may be logged, by the names of their variables. */
export function toLoggedSettings<D extends Settings>(
  definitions: D,
  values: SettingValues<D>,
): Readonly<Record<string, string | number | boolean>> {
  const logged: Record<string, string | number | boolean> = {};
  for (const [key, setting] of Object.entries(definitions)) {
    const value: unknown = values[key];
    if (typeof value === 'number' || typeof value === 'boolean') logged[setting.variable] = value;
    else if (typeof value === 'string') logged[setting.variable] = hide(value, setting);
  }
  return Object.freeze(logged);
}

function hide(text: string, setting: Setting): string {
  if (setting.secret === 'all') return '***';
  return redactCredentials(text);
}

function show(text: string, setting: Setting): string {
  // An address that is wrong may hold its password anywhere.
  return setting.secret === undefined ? JSON.stringify(text.slice(0, 100)) : 'not usable (its value is not shown)';
}

/** The text as the schema's kind where it reads as one, else the text, which the check then refuses. */
function toSchemaKind(text: string, { schema }: Setting): unknown {
  const kind = 'type' in schema ? schema.type : undefined;
  if (kind === 'integer' || kind === 'number') return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
  if (kind === 'boolean') return /^(1|true|yes)$/i.test(text) ? true : /^(0|false|no)$/i.test(text) ? false : text;
  return text;
}

function describeExpected({ schema, unit, expected }: Setting): string {
  const of = schema as { type?: string; enum?: readonly unknown[]; minimum?: number; maximum?: number };
  if (expected !== undefined) return expected;
  if (of.enum !== undefined) return `one of ${of.enum.join(', ')}`;
  if (of.type === 'boolean') return 'true or false';
  if (of.type === 'string' || of.type === undefined) return 'another text';
  const kind = of.type === 'integer' ? 'a whole number' : 'a number';
  const range = [
    of.minimum === undefined ? '' : ` from ${of.minimum}`,
    of.maximum === undefined ? '' : ` ${of.minimum === undefined ? 'up ' : ''}to ${of.maximum}`,
  ].join('');
  return `${kind}${range}${unit === undefined ? '' : ` (${unit})`}`;
}
