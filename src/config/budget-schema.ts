import { z } from 'zod'
import { ATTACK_FAMILIES } from '../contract/attack.ts'
import { parseGate } from '../contract/parse-gate.ts'
import type { Budget } from '../contract/plan.ts'
import { nearest } from './nearest.ts'

const minSamples = z.int().min(1)

const expression = z.string().superRefine((text, context) => {
  const parsed = parseGate(text)
  if (!('mistake' in parsed)) return
  const { text: what, word, known = [] } = parsed.mistake
  const meant = word === undefined ? undefined : nearest(word, known)
  const hint = meant !== undefined ? `; did you mean "${meant}"?` : known.length > 0 ? `; known: ${known.join(', ')}` : ''
  context.addIssue({ code: 'custom', message: `${what}${hint}` })
})

/** Every form of a budget but the plain text, which `withExpressions` turns into one of these before they are checked. */
export const budgetSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('latency'),
    metric: z.enum(['login', 'backend_added', 'nonce', 'me']),
    stat: z.enum(['p50', 'p90', 'p95', 'p99', 'p999', 'max']),
    limitMs: z.number().positive(),
    minSamples: minSamples.default(1000),
  }),
  z.strictObject({ kind: z.literal('error-rate'), limit: z.number().min(0).max(1), minSamples: minSamples.default(500) }),
  z.strictObject({ kind: z.literal('attacks'), family: z.enum([...ATTACK_FAMILIES, 'all']), minSamples: minSamples.default(1) }),
  z.strictObject({
    kind: z.literal('expression'),
    text: expression.describe('FIGURE COMPARATOR LIMIT [while FAULT] [phase N] [per phase], as in "login.p99 < 400ms".'),
    minSamples: minSamples.exactOptional().describe('More samples than the figure needs by itself.'),
  }),
])

export type BudgetInput = z.input<typeof budgetSchema>
export type CheckedBudget = z.output<typeof budgetSchema>

/** What the plain text of a budget is called in an editor. */
export const EXPRESSION_HELP =
  'A budget as an expression: "login.p99 < 400ms", "goodput.share > 0.95 while fault", "attacks.critical = 0", "login.p99 <= baseline + 10%".'

/** The configuration with each budget that is a plain text as an object of the kind `expression`. */
export function withExpressions(config: unknown): unknown {
  if (typeof config !== 'object' || config === null || !('budgets' in config) || !Array.isArray(config.budgets)) return config
  const budgets = config.budgets.map((one: unknown) => (typeof one === 'string' ? { kind: 'expression', text: one } : one))
  return { ...config, budgets }
}

/** A checked budget as the plan has it: expressions are read. */
export function plannedBudget(budget: CheckedBudget): Budget {
  if (budget.kind !== 'expression') return budget
  const parsed = parseGate(budget.text)
  if ('mistake' in parsed) throw new Error(`a checked expression does not parse: ${parsed.mistake.text}`)
  return { ...budget, gate: parsed.gate }
}
