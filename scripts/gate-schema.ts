/** Budgets as expressions and what the judge made of budgets, in zod. */
import { z } from 'zod'
import { ATTACK_FAMILIES, SEVERITIES } from '../src/contract/attack.ts'
import { SERIES_NAMES } from '../src/contract/series.ts'

const outcome = z.enum(['pass', 'fail', 'inconclusive', 'not-applicable', 'error'])
const count = z.number().int().nonnegative()
const comparator = z.enum(['<', '<=', '=', '>=', '>'])
const stat = z.union([z.object({ quantile: z.number() }), z.enum(['min', 'max'])])

const figure = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('latency'), series: z.enum([...SERIES_NAMES, 'login']), stat }),
  z.object({ kind: z.literal('share'), of: z.enum(['goodput', 'error']) }),
  z.object({ kind: z.literal('goodput-rate') }),
  z.object({ kind: z.literal('attacks'), of: z.enum([...SEVERITIES, ...ATTACK_FAMILIES, 'all']) }),
  z.object({ kind: z.literal('carrier-calls'), per: z.enum(['login', 'forged']) }),
  z.object({ kind: z.literal('revocation'), stat }),
])

export const gateExpressionSchema = z
  .object({
    figure,
    comparator,
    bound: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('value'), value: z.number() }),
      z.object({ kind: z.literal('baseline'), factor: z.number() }),
    ]),
    scope: z.object({
      while: z.string().exactOptional(),
      phase: z.number().exactOptional(),
      carrier: z.string().exactOptional(),
      scenario: z.string().exactOptional(),
      each: z.enum(['phase', 'carrier', 'scenario']).exactOptional(),
    }),
  })
  .meta({ id: 'GateExpression' })

export const gateSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    outcome,
    observed: z.number().nullable().describe('In `unit`; null = no figure could be had.'),
    limit: z.number().nullable().describe('Null where it rests on a baseline that could not be had.'),
    comparator: comparator.exactOptional().describe('How the figure must stand to the limit; <= where absent.'),
    unit: z.enum(['ms', 'share', 'attacks', 'per-second', 'calls']),
    samples: count,
    minSamples: count,
    figureError: z.number().nonnegative().describe('Relative error of the figure; 0 = exact.'),
    text: z.string(),
    parts: z
      .array(z.object({ name: z.string(), outcome, observed: z.number().nullable(), samples: count }))
      .exactOptional()
      .describe('Parts of a load that were judged by themselves; the worst decided.'),
    baseline: z.number().nullable().exactOptional().describe('The figure of the baseline, where the limit follows from it.'),
  })
  .meta({ id: 'Gate' })
