/** Is this time stamp near now? Ten digits are seconds, thirteen milliseconds: several vendors document one and send the other. */
export function isTimely(stamp: string, nowMs: number, windowMs: number): boolean {
  const sentMs = /^\d{10}$/.test(stamp) ? Number(stamp) * 1000 : /^\d{13}$/.test(stamp) ? Number(stamp) : undefined
  return sentMs !== undefined && Math.abs(nowMs - sentMs) <= windowMs
}
