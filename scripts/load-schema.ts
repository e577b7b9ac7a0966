import { z } from 'zod'
import { CARRIER_IDS } from '../src/contract/carriers.ts'
import { PROVIDER_IDS } from '../src/contract/providers.ts'

/** Shapes of what a load shows beside its series, for the result document. */
const count = z.number().int().nonnegative()
const ms = z.number().nullable()
const figure = z.object({ count, p50Ms: ms, p99Ms: ms })
const traffic = z.object({ calls: count, repeated: count, connections: z.number().int(), abandoned: count })
const byProvider = z.partialRecord(z.enum(PROVIDER_IDS), traffic)
const orphans = z.object({ count, visits: z.array(count) })

export const trafficFields = {
  traffic: byProvider.exactOptional(),
  loopDelayMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }).exactOptional(),
}

export const attributionSchema = z
  .object({
    login: figure,
    carrier: figure,
    backendAdded: figure,
    connect: figure,
    callsPerToken: z.number().nullable(),
    traffic,
    byProvider,
  })
  .describe('Where the time of logins went, and what they cost at the carriers.')

export const reconciliationSchema = z
  .object({
    exchanges: count,
    granted: count,
    called: count,
    redeemed: count,
    confirmedNotLetIn: orphans,
    letInUnconfirmed: orphans,
  })
  .describe('Client’s and carriers’ books held against each other; visits by number.')

const verdict = z.enum(['pass', 'fail', 'inconclusive'])
const providers = z.array(z.enum(PROVIDER_IDS)).readonly()
const carriers = z.array(z.enum(CARRIER_IDS)).readonly()
const mark = z.object({ label: z.string(), fromMs: z.number(), toMs: ms, providers: providers.exactOptional() })

const recovery = z.object({
  mark: z.string(),
  outcome: verdict,
  recoveredAfterMs: ms,
  withinMs: z.number(),
  goodputBefore: ms,
  goodputDuring: ms,
  goodputAfter: ms,
  metastable: z.boolean(),
  text: z.string(),
})

const isolation = z.object({
  mark: z.string(),
  carriers,
  others: carriers,
  outcome: verdict,
  addedP95BeforeMs: ms,
  addedP95DuringMs: ms,
  slowerByMs: ms,
  slowerLimitMs: z.number(),
  failedShare: ms,
  failedLimit: z.number(),
  text: z.string(),
})

export const timelineFields = {
  marks: z.array(mark).exactOptional(),
  recovery: z.array(recovery).exactOptional(),
  isolation: z.array(isolation).exactOptional(),
}
