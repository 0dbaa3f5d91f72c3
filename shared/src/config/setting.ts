import type { Static, TSchema } from 'typebox';

/** One variable of the environment. */
export interface Setting<S extends TSchema = TSchema> {
  readonly variable: string;
  /** Kind and bounds; checked after the text was turned into the schema's kind. */
  readonly schema: S;
  readonly default?: Static<S> | undefined;
  /** Of a number: `ms`, `bytes`, `connects per second`. */
  readonly unit?: string;
  /** What a string must look like, for the message that refuses one. */
  readonly expected?: string;
  /** `all`: never shown; `credentials`: shown without what stands before the @ of an address. */
  readonly secret?: 'all' | 'credentials';
}

export type Settings = Readonly<Record<string, Setting>>;

/** Frozen values by key: present where there is a default, else perhaps undefined. */
export type SettingValues<D extends Settings> = {
  readonly [K in keyof D]: D[K] extends { readonly default: infer V }
    ? V extends undefined
      ? Static<D[K]['schema']> | undefined
      : Static<D[K]['schema']>
    : Static<D[K]['schema']> | undefined;
};
