const QUIET_MS = 1000
const lastSaidAtMs = new Map<string, number>()

/** Tells stderr about trouble, at most once a second for each place: a carrier that is down must not fill the disk. Numbers are masked. */
export function reportTrouble(place: string, error: unknown): void {
  const nowMs = Date.now()
  if (nowMs - (lastSaidAtMs.get(place) ?? 0) < QUIET_MS) return
  lastSaidAtMs.set(place, nowMs)
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  process.stderr.write(`${place}: ${text.replace(/1\d{10}/g, '1**********')}\n`)
}
