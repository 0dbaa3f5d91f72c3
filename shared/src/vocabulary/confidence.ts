/** How sure a verdict is. `certain` is reserved for marks that only the vendor's own software leaves. */
export const CONFIDENCES = ['certain', 'high', 'medium', 'low'] as const;

export type Confidence = (typeof CONFIDENCES)[number];
