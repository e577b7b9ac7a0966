/** 97.5th percentile of the normal distribution: two-sided 95 %. */
const Z = 1.959964

/** Wilson's 95 % interval of a share; [0, 1] for no trials. E. B. Wilson, 1927. */
export function wilson(hits: number, trials: number): { low: number; high: number } {
  if (trials === 0) return { low: 0, high: 1 }
  const p = hits / trials
  const z2 = Z * Z
  const centre = p + z2 / (2 * trials)
  const half = Z * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials))
  const scale = 1 + z2 / trials
  // At the ends rounding would leave a whisker beside 0 and 1.
  return { low: hits === 0 ? 0 : (centre - half) / scale, high: hits === trials ? 1 : (centre + half) / scale }
}
