/** Findings and suppressions in zod, as plan and result document carry them. */
import { z } from 'zod'
import { SEVERITIES } from '../src/contract/attack.ts'
import type { Finding, Suppression, SuppressionResult } from '../src/contract/finding.ts'

export const severitySchema = z.enum(SEVERITIES)

const grounds = {
  reason: z.string(),
  until: z.string().describe('Last day on which it holds, YYYY-MM-DD in UTC.'),
  owner: z.string().exactOptional(),
}

export const suppressionSchema = z
  .object({ id: z.string().describe('Of a finding (f-…) or of an attack.'), ...grounds })
  .meta({ id: 'Suppression' }) satisfies z.ZodType<Suppression>

export const findingSchema = z
  .object({
    id: z.string().describe('The same from run to run: made of attack, target name and kind of proof.'),
    standing: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('counts') }),
        z.object({ kind: z.literal('suppressed'), ...grounds }),
        z.object({ kind: z.literal('below-bar'), failOn: severitySchema }),
      ])
      .describe('Whether it turns the run red.'),
  })
  .meta({ id: 'Finding' }) satisfies z.ZodType<Finding>

export const suppressionResultSchema = z
  .object({
    id: z.string(),
    ...grounds,
    state: z.enum(['in-force', 'expired', 'unused', 'open', 'not-run']),
    text: z.string(),
  })
  .meta({ id: 'SuppressionResult' }) satisfies z.ZodType<SuppressionResult>
