import { z } from 'zod'
import { exhaustive } from '../contract/json.ts'
import { CEILINGS, type LoadShape } from '../contract/shape.ts'
import { shapeOf } from './named-shape.ts'

const ms = z.number().min(0).max(CEILINGS.durationMs)
const durationMs = ms.min(1000)
const rate = z.number().positive().max(CEILINGS.ratePerSecond)

function shape<Kind extends string, Fields extends z.core.$ZodLooseShape>(kind: Kind, about: string, fields: Fields) {
  return z.strictObject({ kind: z.literal(kind), ...fields }).describe(about)
}

/** How load arrives, as people write it: by name, in stages, or by users. */
export const shapeSchema = z.discriminatedUnion('kind', [
  shape('constant-arrival-rate', 'The same as `constant`.', { ratePerSecond: rate, durationMs }),
  shape('closed', 'So many users, each waits for its answer.', { users: z.int().min(1).max(CEILINGS.users), durationMs }),
  shape('smoke', 'A handful of logins.', { ratePerSecond: rate.default(2), durationMs: durationMs.default(5000) }),
  shape('constant', 'One rate, open model.', { ratePerSecond: rate, durationMs }),
  shape('soak', 'One rate for long: what leaks shows.', { ratePerSecond: rate, durationMs: durationMs.default(1_800_000) }),
  shape('ramp', 'Up in a straight line, then at the top.', {
    fromPerSecond: rate.default(1),
    ratePerSecond: rate.describe('The top.'),
    rampMs: ms,
    durationMs,
  }),
  shape('spike', 'A peak in the middle, and time after it to come back.', {
    ratePerSecond: rate.describe('Before and after the peak.'),
    peakPerSecond: rate,
    peakMs: ms.min(1),
    durationMs,
  }),
  shape('breakpoint', 'Up in a straight line until the end: where it bends is where the target does.', {
    fromPerSecond: rate.default(1),
    ratePerSecond: rate.describe('The end.'),
    durationMs,
  }),
  shape('stages', 'Straight lines from rate to rate; a stage of 0 ms is a jump.', {
    fromPerSecond: z.number().min(0).max(CEILINGS.ratePerSecond),
    stages: z
      .array(z.strictObject({ toPerSecond: z.number().min(0).max(CEILINGS.ratePerSecond), durationMs: ms }))
      .min(1)
      .max(100),
  })
    .refine(({ stages }) => total(stages) >= 1000 && total(stages) <= CEILINGS.durationMs, {
      message: 'all stages together must last from 1000 ms to the ceiling of an hour',
      path: ['stages'],
    })
    .refine(({ fromPerSecond, stages }) => fromPerSecond > 0 || stages.some(stage => stage.toPerSecond > 0), {
      message: 'some stage must have a rate above 0',
      path: ['stages'],
    }),
])

function total(stages: readonly { durationMs: number }[]): number {
  return stages.reduce((sum, stage) => sum + stage.durationMs, 0)
}

/** A checked shape as the plan has it. Pure. */
export function plannedShape(written: z.output<typeof shapeSchema>): LoadShape {
  switch (written.kind) {
    case 'constant-arrival-rate':
    case 'closed':
      return written
    case 'stages': {
      const { fromPerSecond, stages } = written
      return { kind: 'ramping-arrival-rate', fromPerSecond, stages, durationMs: total(stages) }
    }
    case 'smoke':
    case 'constant':
    case 'soak':
    case 'ramp':
    case 'spike':
    case 'breakpoint':
      return shapeOf(written)
    default:
      return exhaustive(written)
  }
}
