/**
 * Share of all pairs in which the first list holds the greater value, ties counted half: one half when both come from one
 * distribution, whatever its form (Mann and Whitney's U over the number of pairs). One half for an empty list.
 */
export function superiority(first: readonly number[], second: readonly number[]): number {
  const pairs = first.length * second.length
  if (pairs === 0) return 0.5
  let wins = 0
  for (const a of first) for (const b of second) wins += a > b ? 1 : a === b ? 0.5 : 0
  return wins / pairs
}
