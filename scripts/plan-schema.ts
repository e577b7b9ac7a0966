/** The plan's shape in zod, as the result document carries it. */
import { z } from 'zod'
import { CARRIER_IDS } from '../src/contract/carriers.ts'
import type { Plan } from '../src/contract/plan.ts'
import { PROVIDER_IDS, type ProviderId } from '../src/contract/providers.ts'

const strings = z.array(z.string()).readonly()
const texts = z.record(z.string(), z.string())

const latency = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('fixed'), ms: z.number() }),
    z.object({ kind: z.literal('lognormal'), medianMs: z.number(), p99Ms: z.number() }),
  ])
  .meta({ id: 'LatencyProfile' })

const fault = z.discriminatedUnion('id', [
  z.object({ id: z.literal('error-rate'), share: z.number(), answer: z.enum(['http', 'business']) }),
  z.object({ id: z.literal('hang'), share: z.number(), holdMs: z.number() }),
])

const shape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('constant-arrival-rate'), ratePerSecond: z.number(), durationMs: z.number() }),
  z.object({ kind: z.literal('closed'), users: z.number(), durationMs: z.number() }),
])

const budget = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('latency'),
    metric: z.enum(['login', 'backend_added', 'nonce', 'me']),
    stat: z.enum(['p50', 'p90', 'p95', 'p99', 'p999', 'max']),
    limitMs: z.number(),
    minSamples: z.number(),
  }),
  z.object({ kind: z.literal('error-rate'), limit: z.number(), minSamples: z.number() }),
  z.object({ kind: z.literal('attacks'), family: z.string(), minSamples: z.number() }),
])

const port = z.number().exactOptional()
const providerPorts = Object.fromEntries(PROVIDER_IDS.map(id => [id, port])) as Record<ProviderId, typeof port>

export const planSchema = z
  .object({
    schemaVersion: z.literal('1.0.0'),
    runId: z.string(),
    name: z.string(),
    seed: z.number(),
    target: z.object({
      module: z.string(),
      url: z.string().nullable(),
      start: z.object({ command: strings, env: texts, cwd: z.string().nullable(), readyTimeoutMs: z.number() }).nullable(),
      identityPath: z.string().nullable(),
      allow: strings,
      vars: texts,
    }),
    mocks: z.object({
      carriers: z.array(z.enum(CARRIER_IDS)).readonly(),
      providers: z.array(z.enum(PROVIDER_IDS)).readonly().exactOptional(),
      subscribers: z.number(),
      latency,
      faults: z.array(fault).readonly(),
      singleUse: z.enum(['strict', 'lenient']),
      ports: z.object({ control: z.number(), ...providerPorts }),
    }),
    load: z
      .object({
        engine: z.enum(['auto', 'k6', 'autocannon']),
        scenario: z.string(),
        shape,
        warmUpMs: z.number(),
        maxUsers: z.number(),
        requestTimeoutMs: z.number(),
      })
      .nullable(),
    attack: z
      .object({ include: strings, exclude: strings, latency, race: z.object({ rounds: z.number(), width: z.number() }) })
      .nullable(),
    budgets: z.array(budget).readonly(),
    allowedHosts: strings,
  })
  .meta({ id: 'Plan', description: 'Everything the run was to do, with no default left open.' }) satisfies z.ZodType<Plan>
