/** Is this time stamp near now? Ten digits are seconds, thirteen milliseconds: several vendors document one and send the other. */
export function isTimely(stamp: string, nowMs: number, windowMs: number): boolean {
  const sentMs = /^\d{10}$/.test(stamp) ? Number(stamp) * 1000 : /^\d{13}$/.test(stamp) ? Number(stamp) : undefined
  return sentMs !== undefined && Math.abs(nowMs - sentMs) <= windowMs
}

/** Answers to `time-window` where a vendor checks a time stamp and does not say how near it must be. */
export const TIME_WINDOWS = ['5-minutes', '15-minutes', 'none'] as const

/** Milliseconds of an answer to `time-window`. */
export function windowMs(answer: string): number {
  if (answer === 'none') return Number.POSITIVE_INFINITY
  return (answer === '15-minutes' ? 15 : 5) * 60_000
}
