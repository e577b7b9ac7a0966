/**
 * Wilcoxon's signed-rank test with its exact null distribution, for the few pairs that a comparison has. The null: differences are
 * symmetric about `centre`.
 */

/** Chance of a sum of positive ranks at least as large as observed, were `centre` the truth: small = the differences lie above it. */
export function chanceAbove(differences: readonly number[], centre: number): number {
  return tail(differences.map(one => one - centre))
}

/** The same downwards: small = the differences lie below it. */
export function chanceBelow(differences: readonly number[], centre: number): number {
  return tail(differences.map(one => centre - one))
}

/** Hodges-Lehmann estimate of the centre: the median of all pairwise means. Undefined without differences. */
export function centreOf(differences: readonly number[]): number | undefined {
  const means = differences.flatMap((a, i) => differences.slice(i).map(b => (a + b) / 2)).sort((a, b) => a - b)
  const [low, high] = [means[Math.floor((means.length - 1) / 2)], means[Math.ceil((means.length - 1) / 2)]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

function tail(shifted: readonly number[]): number {
  const values = shifted.filter(one => one !== 0)
  if (values.length === 0) return 1
  const ranks = midRanks(values.map(Math.abs))
  // Doubled, so that ties' half ranks are whole numbers.
  const doubled = ranks.map(rank => Math.round(rank * 2))
  const observed = doubled.reduce((sum, rank, i) => sum + ((values[i] ?? 0) > 0 ? rank : 0), 0)
  let ways = [1]
  for (const rank of doubled) {
    const wider = new Array<number>(ways.length + rank).fill(0)
    ways.forEach((n, sum) => {
      wider[sum] = (wider[sum] ?? 0) + n
      wider[sum + rank] = (wider[sum + rank] ?? 0) + n
    })
    ways = wider
  }
  return ways.slice(observed).reduce((sum, n) => sum + n, 0) / 2 ** values.length
}

function midRanks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  return values.map(value => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1)
}
