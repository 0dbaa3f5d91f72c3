/** What one look of the doctor came to. `warn`: it works, less well than it could. */
export type Finding = {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'bad';
  /** One line: the thing and its value. */
  readonly says: string;
  readonly nextStep?: string;
};

export function ok(check: string, says: string): Finding {
  return { check, state: 'ok', says };
}

export function warn(check: string, says: string, nextStep: string): Finding {
  return { check, state: 'warn', says, nextStep };
}

export function bad(check: string, says: string, nextStep: string): Finding {
  return { check, state: 'bad', says, nextStep };
}
