/** The value below which the share `q` of all lies (nearest rank); null for none. Takes any order. */
export function quantileOf(values: readonly number[], q: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? null
}
