/** What the result document says of the load generator, in zod. */
import { z } from 'zod'

const count = z.number().int().nonnegative()

export const generatorFacts = z.object({
  cpuShare: z.number().nullable(),
  maxUsers: count,
  latenessMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }).exactOptional(),
  loopDelayP99Ms: z.number().exactOptional(),
  instances: z
    .array(
      z.object({
        index: count,
        reported: z.boolean(),
        finished: z.boolean(),
        exitCode: z.number().nullable(),
        attempted: count,
      }),
    )
    .exactOptional(),
  notes: z.array(z.string()),
})
