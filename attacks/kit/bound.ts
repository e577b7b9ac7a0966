/**
 * Upper 95 % bound of the chance per round after `rounds` rounds without a hit: 1 - 0.05^(1/rounds), the exact form of the
 * rule of three. One hundred clean rounds do not show that a race is impossible, only that it is rarer than 3 %.
 */
export function boundAfterCleanRounds(rounds: number): number {
  return rounds <= 0 ? 1 : 1 - 0.05 ** (1 / rounds)
}

/** Clean rounds after which the bound of `boundAfterCleanRounds` is at most `below` (above 0, below 1). */
export function roundsForBound(below: number): number {
  return Math.ceil(Math.log(0.05) / Math.log(1 - below))
}

/** Middle value; 0 for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
