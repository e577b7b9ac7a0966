import { z } from 'zod'
import { PERCENTILE_NAMES, percentilesProblem, QUANTILE_STEPS } from '../contract/quantile-table.ts'
import { CEILINGS } from '../contract/shape.ts'

const ms = z.number().min(0).max(CEILINGS.durationMs)
const positiveMs = ms.min(0.001)

const none = z.strictObject({ kind: z.literal('none') })

const fixed = z.strictObject({
  kind: z.literal('fixed'),
  ms: ms.describe('The same delay for every call, in milliseconds.'),
})

const uniform = z
  .strictObject({ kind: z.literal('uniform'), minMs: ms, maxMs: ms })
  .refine(value => value.maxMs >= value.minMs, { message: 'maxMs must not be below minMs', path: ['maxMs'] })

const lognormal = z
  .strictObject({
    kind: z.literal('lognormal'),
    medianMs: ms.min(0.1).describe('Half of the calls are faster, in milliseconds.'),
    p99Ms: ms.min(0.1).describe('One call in a hundred is slower, in milliseconds.'),
  })
  .refine(value => value.p99Ms >= value.medianMs, { message: 'p99Ms must not be below medianMs', path: ['p99Ms'] })

const points = z
  .strictObject(
    Object.fromEntries(PERCENTILE_NAMES.map(name => [name, ms.exactOptional()])) as Record<
      (typeof PERCENTILE_NAMES)[number],
      z.ZodExactOptional<typeof ms>
    >,
  )
  .superRefine((value, context) => {
    const message = percentilesProblem(value)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })

const percentiles = z.strictObject({
  kind: z.literal('percentiles'),
  points: points.describe('Percentiles as measured, in milliseconds: p50, p95, p99, … (p999 = 99.9), lognormal in between.'),
})

const recorded = z
  .strictObject({
    kind: z.literal('recorded'),
    file: z.string().min(1).exactOptional().describe('File of measured times in milliseconds: a JSON list, or one per line.'),
    quantilesMs: z
      .array(ms)
      .min(1)
      .max(QUANTILE_STEPS)
      .exactOptional()
      .describe('The same as a list of quantiles at even steps, ascending. The file becomes this list in the plan.'),
  })
  .refine(value => (value.file === undefined) !== (value.quantilesMs === undefined), {
    message: 'give either file or quantilesMs',
    path: ['file'],
  })
  .refine(({ quantilesMs = [] }) => quantilesMs.every((v, i) => i === 0 || v >= (quantilesMs[i - 1] ?? 0)), {
    message: 'quantilesMs must ascend',
    path: ['quantilesMs'],
  })

const steady = [none, fixed, uniform, lognormal, percentiles, recorded] as const
const steadySchema = z.discriminatedUnion('kind', steady).meta({ id: 'SteadyLatency' })

const step = z.strictObject({
  kind: z.literal('step'),
  before: steadySchema,
  atMs: ms.describe(
    'When the second profile begins, in milliseconds after the load is due to begin, by a token’s time of issue.',
  ),
  after: steadySchema,
})

const brownOut = z
  .strictObject({
    kind: z.literal('brown-out'),
    base: steadySchema,
    factor: z.number().min(0).max(1000).describe('How many times as long calls take meanwhile.'),
    fromMs: ms.describe('Beginning, in milliseconds after the load is due to begin, by a token’s time of issue.'),
    toMs: positiveMs,
    rampMs: ms.default(0).describe('How long the factor takes to rise, and to fall again, inside these bounds.'),
  })
  .refine(value => value.toMs > value.fromMs, { message: 'toMs must be after fromMs', path: ['toMs'] })

export const latencySchema = z
  .discriminatedUnion('kind', [...steady, step, brownOut])
  .meta({ id: 'Latency', description: 'How long a mock carrier takes to answer.' })

export type CheckedLatency = z.output<typeof latencySchema>
