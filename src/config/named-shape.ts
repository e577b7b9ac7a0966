import { exhaustive } from '../contract/json.ts'
import { type LoadShape, type OpenShape, type RateStage, SHAPE_NAMES, type ShapeName } from '../contract/shape.ts'

/** A shape by name, as people write it. Rates a second, times in milliseconds. */
export type NamedShape =
  /** A handful of logins: does anything work at all? */
  | { kind: 'smoke'; ratePerSecond: number; durationMs: number }
  | { kind: 'constant' | 'soak'; ratePerSecond: number; durationMs: number }
  /** Up in a straight line, then at the top until the end. */
  | { kind: 'ramp'; fromPerSecond: number; ratePerSecond: number; rampMs: number; durationMs: number }
  /** `ratePerSecond` with a peak of `peakPerSecond` in the middle; the rest after it shows whether the target comes back. */
  | { kind: 'spike'; ratePerSecond: number; peakPerSecond: number; peakMs: number; durationMs: number }
  /** Up in a straight line all the time: where it bends is where the target does. */
  | { kind: 'breakpoint'; fromPerSecond: number; ratePerSecond: number; durationMs: number }

/** A named shape as the engines have it. Pure. */
export function shapeOf(named: NamedShape): OpenShape {
  switch (named.kind) {
    case 'smoke':
    case 'constant':
    case 'soak': {
      const { kind, ratePerSecond, durationMs } = named
      return { kind: 'constant-arrival-rate', ratePerSecond, durationMs, name: kind }
    }
    case 'ramp': {
      const rampMs = Math.min(named.rampMs, named.durationMs)
      return staged('ramp', named.fromPerSecond, [
        { toPerSecond: named.ratePerSecond, durationMs: rampMs },
        { toPerSecond: named.ratePerSecond, durationMs: named.durationMs - rampMs },
      ])
    }
    case 'spike': {
      const { ratePerSecond: base, peakPerSecond: peak, durationMs } = named
      const peakMs = Math.min(named.peakMs, durationMs)
      const before = Math.round((durationMs - peakMs) / 3)
      return staged('spike', base, [
        { toPerSecond: base, durationMs: before },
        { toPerSecond: peak, durationMs: 0 },
        { toPerSecond: peak, durationMs: peakMs },
        { toPerSecond: base, durationMs: 0 },
        { toPerSecond: base, durationMs: durationMs - peakMs - before },
      ])
    }
    case 'breakpoint':
      return staged('breakpoint', named.fromPerSecond, [{ toPerSecond: named.ratePerSecond, durationMs: named.durationMs }])
    default:
      return exhaustive(named)
  }
}

function staged(name: ShapeName, fromPerSecond: number, stages: readonly RateStage[]): OpenShape {
  const durationMs = stages.reduce((sum, stage) => sum + stage.durationMs, 0)
  return { kind: 'ramping-arrival-rate', fromPerSecond, stages, durationMs, name }
}

const DEFAULT_MS: Readonly<Record<ShapeName, number>> = {
  smoke: 5000,
  constant: 20_000,
  ramp: 60_000,
  spike: 60_000,
  soak: 1_800_000,
  breakpoint: 120_000,
}
const SMOKE_PER_SECOND = 2
/** How much higher than the rest a spike is, unless told. */
const SPIKE_FACTOR = 4

/** A shape by its name alone, with the defaults of `--shape`. `ratePerSecond` is the top of a ramp and the foot of a spike. */
export function shapeByName(name: ShapeName, ratePerSecond: number, wantedMs: number | undefined): OpenShape {
  const durationMs = wantedMs ?? DEFAULT_MS[name]
  switch (name) {
    case 'smoke':
      return shapeOf({ kind: name, ratePerSecond: Math.min(ratePerSecond, SMOKE_PER_SECOND), durationMs })
    case 'constant':
    case 'soak':
      return shapeOf({ kind: name, ratePerSecond, durationMs })
    case 'ramp':
      return shapeOf({ kind: name, fromPerSecond: 1, ratePerSecond, rampMs: Math.round(durationMs / 2), durationMs })
    case 'spike': {
      const peakMs = Math.round(durationMs / 4)
      return shapeOf({ kind: name, ratePerSecond, peakPerSecond: ratePerSecond * SPIKE_FACTOR, peakMs, durationMs })
    }
    case 'breakpoint':
      return shapeOf({ kind: name, fromPerSecond: 1, ratePerSecond, durationMs })
    default:
      return exhaustive(name)
  }
}

export function isShapeName(kind: string): kind is ShapeName {
  return (SHAPE_NAMES as readonly string[]).includes(kind)
}

/**
 * The shape at another rate and length: a constant one becomes that, one of stages is stretched so that its peak and its whole
 * length are the ones given. Rates keep three digits behind the point.
 */
export function stretched(shape: LoadShape, change: { ratePerSecond?: number; durationMs?: number }): LoadShape {
  const durationMs = change.durationMs ?? shape.durationMs
  if (shape.kind === 'closed') {
    return change.ratePerSecond === undefined
      ? { ...shape, durationMs }
      : { kind: 'constant-arrival-rate', ratePerSecond: change.ratePerSecond, durationMs }
  }
  if (shape.kind === 'constant-arrival-rate') {
    return { ...shape, ratePerSecond: change.ratePerSecond ?? shape.ratePerSecond, durationMs }
  }
  const top = Math.max(shape.fromPerSecond, ...shape.stages.map(stage => stage.toPerSecond))
  const higher = (change.ratePerSecond ?? top) / top
  const longer = durationMs / shape.durationMs
  const rate = (perSecond: number): number => Math.round(perSecond * higher * 1000) / 1000
  const stages = shape.stages.map(stage => ({
    toPerSecond: rate(stage.toPerSecond),
    durationMs: Math.round(stage.durationMs * longer),
  }))
  return {
    ...shape,
    fromPerSecond: rate(shape.fromPerSecond),
    stages,
    durationMs: stages.reduce((sum, stage) => sum + stage.durationMs, 0),
  }
}
