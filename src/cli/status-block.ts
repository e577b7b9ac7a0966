import type { LoadProgress } from '../contract/engine.ts'

/** Errors by kind over the load so far: the progress tells those of each second. */
export interface ErrorsSoFar {
  refused: number
  failed: number
  carrierFailed: number
}

/** The status of a load in a few lines, for a terminal that redraws them. */
export function statusBlock(p: LoadProgress, errors: ErrorsSoFar): string[] {
  const second = p.second
  const left = `${Math.max(0, Math.round((p.totalMs - p.elapsedMs) / 1000))} s left of ${Math.round(p.totalMs / 1000)}`
  if (second === undefined) return [loadLine(p)]
  return [
    `offered ${p.offeredPerSecond === null ? '–' : `${p.offeredPerSecond}/s`}   achieved ${Math.round(p.ratePerSecond)}/s   ${left}`,
    `login   p50 ${ms(second.p50Ms)}   p99 ${ms(second.p99Ms)}     backend-added p50 ${ms(second.addedP50Ms)}   p99 ${ms(second.addedP99Ms)}`,
    `errors  refused ${errors.refused}   failed ${errors.failed}   by the carrier ${errors.carrierFailed}   dropped ${p.dropped}`,
  ]
}

/** The same as one line, for pipes and CI. */
export function loadLine(p: LoadProgress): string {
  const bar = `${Math.round(p.elapsedMs / 1000)}/${Math.round(p.totalMs / 1000)} s`
  const rate = `${Math.round(p.ratePerSecond)}/s${p.offeredPerSecond === null ? '' : ` of ${p.offeredPerSecond}/s`}`
  const latency =
    p.second === undefined
      ? `p95 ${ms(p.p95Ms)}`
      : `p50 ${ms(p.second.p50Ms)}  p99 ${ms(p.second.p99Ms)}  added p99 ${ms(p.second.addedP99Ms)}`
  return `${bar}  ${rate}  ${latency}  failed ${p.failed}  dropped ${p.dropped}`
}

function ms(value: number | null): string {
  return value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
}
