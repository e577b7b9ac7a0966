import { exhaustive } from './json.ts'

/** Shapes by the names that people know; `onetap load --shape NAME`. What each becomes: src/config/named-shape.ts. */
export const SHAPE_NAMES = ['smoke', 'constant', 'ramp', 'spike', 'soak', 'breakpoint'] as const
export type ShapeName = (typeof SHAPE_NAMES)[number]

/** The rate goes in a straight line to `toPerSecond` within this time; 0 ms is a jump. */
export interface RateStage {
  toPerSecond: number
  durationMs: number
}

/** How load arrives. Open: arrivals at a rate, whatever the target does. Closed: so many users, each waits for its answer. */
export type LoadShape =
  | { kind: 'constant-arrival-rate'; ratePerSecond: number; durationMs: number; name?: ShapeName }
  /** `durationMs` is the sum of the stages'. */
  | { kind: 'ramping-arrival-rate'; fromPerSecond: number; stages: readonly RateStage[]; durationMs: number; name?: ShapeName }
  | { kind: 'closed'; users: number; durationMs: number }

export type OpenShape = Exclude<LoadShape, { kind: 'closed' }>

/** Ceilings no configuration may exceed without editing this file: nothing is flooded by a typo. */
export const CEILINGS = { ratePerSecond: 20_000, users: 5_000, generators: 16, durationMs: 3_600_000 } as const

/** Arrivals the shape asks for, or undefined for a closed one. */
export function plannedArrivals(shape: LoadShape): number | undefined {
  return shape.kind === 'closed' ? undefined : Math.round(arrivalsUntil(shape, shape.durationMs))
}

/** A shape's straight pieces in order, jumps left out; a constant rate is one piece. */
export function pieces(
  shape: OpenShape,
): readonly { startMs: number; durationMs: number; fromPerSecond: number; toPerSecond: number }[] {
  switch (shape.kind) {
    case 'constant-arrival-rate': {
      const { ratePerSecond: rate, durationMs } = shape
      return [{ startMs: 0, durationMs, fromPerSecond: rate, toPerSecond: rate }]
    }
    case 'ramping-arrival-rate': {
      let startMs = 0
      let fromPerSecond = shape.fromPerSecond
      const found = shape.stages.map(({ toPerSecond, durationMs }) => {
        const piece = { startMs, durationMs, fromPerSecond, toPerSecond }
        startMs += durationMs
        fromPerSecond = toPerSecond
        return piece
      })
      return found.filter(piece => piece.durationMs > 0)
    }
    default:
      return exhaustive(shape)
  }
}

/** Arrivals a second that the shape asks for at this moment, counted from its start. 0 outside. */
export function ratePerSecondAt(shape: OpenShape, atMs: number): number {
  const piece = pieces(shape).find(one => atMs >= one.startMs && atMs < one.startMs + one.durationMs)
  if (piece === undefined) return 0
  const { fromPerSecond, toPerSecond, startMs, durationMs } = piece
  return fromPerSecond + ((toPerSecond - fromPerSecond) * (atMs - startMs)) / durationMs
}

/** Arrivals from the start until this moment, as a fraction: the area under the rate. */
export function arrivalsUntil(shape: OpenShape, atMs: number): number {
  let sum = 0
  for (const { startMs, durationMs, fromPerSecond, toPerSecond } of pieces(shape)) {
    const insideMs = Math.min(durationMs, atMs - startMs)
    if (insideMs <= 0) break
    const reached = fromPerSecond + ((toPerSecond - fromPerSecond) * insideMs) / durationMs
    sum += ((fromPerSecond + reached) * insideMs) / 2000
  }
  return sum
}

/** When the n-th arrival (from 0) is due, milliseconds after the start: the inverse of `arrivalsUntil`. Past the last: the end. */
export function arrivalAtMs(shape: OpenShape, n: number): number {
  let left = n
  for (const { startMs, durationMs, fromPerSecond, toPerSecond } of pieces(shape)) {
    const whole = ((fromPerSecond + toPerSecond) * durationMs) / 2000
    if (left > whole || whole === 0) {
      left -= whole
      continue
    }
    const from = fromPerSecond / 1000
    const slope = (toPerSecond - fromPerSecond) / 1000 / durationMs
    // The root of from·t + slope·t²/2 = left that does not cancel out when the slope is small.
    const reached = Math.sqrt(Math.max(0, from * from + 2 * slope * left))
    // Nothing is due yet, or so little of an arrival that its square is no number any more.
    if (from + reached === 0) return startMs
    return startMs + Math.min(durationMs, (2 * left) / (from + reached))
  }
  return shape.durationMs
}

/** The highest rate the shape reaches; undefined for a closed one. */
export function peakPerSecond(shape: LoadShape): number | undefined {
  if (shape.kind === 'closed') return undefined
  return Math.max(...pieces(shape).flatMap(piece => [piece.fromPerSecond, piece.toPerSecond]))
}

/** Planned arrivals over the whole time; null for a closed shape, as evidence has it. */
export function meanPerSecond(shape: LoadShape): number | null {
  if (shape.kind === 'closed') return null
  return shape.kind === 'constant-arrival-rate'
    ? shape.ratePerSecond
    : (arrivalsUntil(shape, shape.durationMs) * 1000) / shape.durationMs
}

/** A shape in a few words, for instance `spike 50 → 200/s for 30 s`. */
export function describeShape(shape: LoadShape): string {
  const seconds = `for ${Math.round(shape.durationMs / 100) / 10} s`
  switch (shape.kind) {
    case 'closed':
      return `${shape.users} users ${seconds}`
    case 'constant-arrival-rate':
      return `${shape.name === undefined ? '' : `${shape.name} `}${shape.ratePerSecond}/s ${seconds}`
    case 'ramping-arrival-rate': {
      const rates = [shape.fromPerSecond, ...shape.stages.map(stage => stage.toPerSecond)]
      const turns = rates.filter((rate, i) => rate !== rates[i - 1])
      return `${shape.name ?? 'stages'} ${turns.join(' → ')}/s ${seconds}`
    }
    default:
      return exhaustive(shape)
  }
}
