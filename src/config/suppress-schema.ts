import { z } from 'zod'

const suppressionSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'the id of a finding (f-…) or of an attack is wanted')
    .describe('Id of a finding (f-…) or of an attack.'),
  reason: z.string().regex(/\S/, 'a reason in words is wanted').describe('Why it is accepted, shown in every report.'),
  until: z.iso
    .date('a day as YYYY-MM-DD is wanted')
    .describe('Last day on which it holds, in UTC. Then the finding counts again.'),
  owner: z.string().regex(/\S/, 'a name is wanted').exactOptional().describe('Who answers for it.'),
})

/** Findings known and accepted until a date. Each needs a reason and an end; one id has one entry, or two dates would both look valid. */
export const suppressSchema = z
  .array(suppressionSchema)
  .refine(list => new Set(list.map(({ id }) => id)).size === list.length, 'an id stands there twice')
  .describe('Known findings that do not turn the run red until a day. Shown in every report with reason and end.')
