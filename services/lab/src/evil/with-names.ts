import type { TlsSpecification } from '../servers/server-specification.ts';

/** The specification with other names in its leaf. */
export function withNames(tls: TlsSpecification, change: (names: readonly string[]) => string[]): TlsSpecification {
  const [leaf, ...rest] = tls.chain;
  if (leaf === undefined) return tls;
  const extensions = leaf.extensions.map((extension) =>
    extension.type === 'subject-alternative-name' ? { ...extension, names: change(extension.names) } : extension,
  );
  return { ...tls, chain: [{ ...leaf, extensions }, ...rest] };
}
