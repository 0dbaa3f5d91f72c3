/** The targets, with each canary put between them at a place of its own that nobody can foretell; never at an end alone. */
export function* withCanaries<T>(
  targets: Iterable<T>,
  targetCount: number,
  canaries: readonly T[],
  random: () => number,
): Generator<T> {
  const waiting = canaries
    .map((canary) => ({ canary, place: Math.floor(random() * targetCount) }))
    .sort((a, b) => b.place - a.place);
  let place = 0;
  for (const target of targets) {
    for (let next = waiting.at(-1); next !== undefined && next.place <= place; next = waiting.at(-1)) {
      waiting.pop();
      yield next.canary;
    }
    yield target;
    place += 1;
  }
  for (const { canary } of waiting) yield canary;
}
