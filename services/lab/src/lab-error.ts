/** Something that the person who runs the lab can put right. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: `LAB_${string}`;

  constructor(code: `LAB_${string}`, message: string) {
    super(message);
    this.code = code;
  }
}
