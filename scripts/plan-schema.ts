/** The plan's shape in zod, as the result document carries it. */
import { z } from 'zod'
import { CARRIER_IDS } from '../src/contract/carriers.ts'
import { MALFORMED_FORMS } from '../src/contract/fault.ts'
import { ENGINE_WISHES, type Plan } from '../src/contract/plan.ts'
import { PROVIDER_IDS, type ProviderId } from '../src/contract/providers.ts'
import { PERCENTILE_NAMES, type PercentileName } from '../src/contract/quantile-table.ts'
import { SHAPE_NAMES } from '../src/contract/shape.ts'
import { OPERATION_IDS } from '../src/contract/target.ts'
import { severitySchema, suppressionSchema } from './finding-schema.ts'
import { gateExpressionSchema } from './gate-schema.ts'

const strings = z.array(z.string()).readonly()
const texts = z.record(z.string(), z.string())

const points = z.object(
  Object.fromEntries(PERCENTILE_NAMES.map(name => [name, z.number().exactOptional()])) as Record<
    PercentileName,
    z.ZodExactOptional<z.ZodNumber>
  >,
)

const steady = [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('fixed'), ms: z.number() }),
  z.object({ kind: z.literal('uniform'), minMs: z.number(), maxMs: z.number() }),
  z.object({ kind: z.literal('lognormal'), medianMs: z.number(), p99Ms: z.number() }),
  z.object({ kind: z.literal('percentiles'), points }),
  z.object({ kind: z.literal('recorded'), quantilesMs: z.array(z.number()).readonly() }),
] as const
const steadyLatency = z.discriminatedUnion('kind', steady).meta({ id: 'SteadyLatency' })
const originMs = z.number().exactOptional()

const latency = z
  .discriminatedUnion('kind', [
    ...steady,
    z.object({ kind: z.literal('step'), before: steadyLatency, atMs: z.number(), after: steadyLatency, originMs }),
    z.object({
      kind: z.literal('brown-out'),
      base: steadyLatency,
      factor: z.number(),
      fromMs: z.number(),
      toMs: z.number(),
      rampMs: z.number(),
      originMs,
    }),
  ])
  .meta({ id: 'LatencyProfile' })

const scope = {
  share: z.number(),
  name: z.string().exactOptional(),
  providers: z.array(z.enum(PROVIDER_IDS)).readonly().exactOptional(),
  operations: strings.exactOptional(),
  fromMs: z.number().exactOptional(),
  toMs: z.number().exactOptional(),
  ttlMs: z.number().exactOptional(),
  originMs,
}

const fault = z
  .discriminatedUnion('id', [
    z.object({
      id: z.literal('error-rate'),
      ...scope,
      answer: z.enum(['http', 'business']),
      status: z.number().exactOptional(),
      code: z.string().exactOptional(),
    }),
    z.object({ id: z.literal('throttle'), ...scope, ratePerSecond: z.number() }),
    z.object({ id: z.literal('ip-refused'), ...scope }),
    z.object({
      id: z.literal('redirect'),
      ...scope,
      status: z.literal([301, 302, 303, 307, 308]),
      to: z.string().exactOptional(),
    }),
    z.object({ id: z.literal('other-subscriber'), ...scope }),
    z.object({ id: z.literal('clock-skew'), ...scope, skewMs: z.number() }),
    z.object({ id: z.literal('wrong-echo'), ...scope }),
    z.object({
      id: z.literal('mislabelled'),
      ...scope,
      status: z.number().exactOptional(),
      code: z.string().exactOptional(),
    }),
    z.object({ id: z.literal('malformed'), ...scope, form: z.enum(MALFORMED_FORMS).exactOptional() }),
    z.object({ id: z.literal('wrong-content-type'), ...scope, contentType: z.string() }),
    z.object({ id: z.literal('hang'), ...scope, holdMs: z.number() }),
    z.object({ id: z.literal('reset'), ...scope }),
    z.object({ id: z.literal('half-close'), ...scope }),
    z.object({ id: z.literal('slow-body'), ...scope, overMs: z.number(), chunks: z.number() }),
    z.object({ id: z.literal('truncated'), ...scope, keepShare: z.number() }),
    z.object({ id: z.literal('duplicate-answer'), ...scope }),
    z.object({ id: z.literal('late-answer'), ...scope, lateMs: z.number() }),
  ])
  .meta({ id: 'FaultRule' })

const shape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('constant-arrival-rate'),
    ratePerSecond: z.number(),
    durationMs: z.number(),
    name: z.enum(SHAPE_NAMES).exactOptional(),
  }),
  z.object({
    kind: z.literal('ramping-arrival-rate'),
    fromPerSecond: z.number(),
    stages: z.array(z.object({ toPerSecond: z.number(), durationMs: z.number() })).readonly(),
    durationMs: z.number(),
    name: z.enum(SHAPE_NAMES).exactOptional(),
  }),
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
  z.object({
    kind: z.literal('expression'),
    text: z.string(),
    gate: gateExpressionSchema,
    minSamples: z.number().exactOptional(),
  }),
])

const port = z.number().exactOptional()
const providerPorts = Object.fromEntries(PROVIDER_IDS.map(id => [id, port])) as Record<ProviderId, typeof port>

const line = z.number().int().positive()
const source = z
  .object({
    config: z.object({ file: z.string(), budgetsLine: line, sets: strings }),
    flags: strings,
    target: z.object({ file: z.string(), lines: z.partialRecord(z.enum(OPERATION_IDS), line) }),
    commit: z.string().exactOptional(),
    branch: z.string().exactOptional(),
  })
  .meta({ id: 'PlanSource', description: 'Where the run was written down: paths from the repository’s root, lines from 1.' })

const loadPlan = z.object({
  engine: z.enum(ENGINE_WISHES),
  generators: z.number().exactOptional(),
  outlastStallMs: z.number().exactOptional(),
  scenario: z.string(),
  shape,
  recoverWithinMs: z.number().exactOptional(),
  comers: z
    .object({
      returningShare: z.number(),
      knownPeople: z.number(),
      carrierWeights: z.partialRecord(z.enum(CARRIER_IDS), z.number()),
    })
    .exactOptional(),
  warmUpMs: z.number(),
  maxUsers: z.number(),
  requestTimeoutMs: z.number(),
})

const tokenScope = {
  provider: z.enum(PROVIDER_IDS).exactOptional(),
  carrier: z.enum(CARRIER_IDS).exactOptional(),
  purpose: z.enum(['login', 'verify']).exactOptional(),
}

export const planSchema = z
  .object({
    schemaVersion: z.literal('1.0.0'),
    runId: z.string(),
    name: z.string(),
    seed: z.number(),
    target: z.object({
      module: z.string(),
      url: z.string().nullable(),
      start: z
        .object({
          command: strings,
          env: texts,
          cwd: z.string().nullable(),
          readyTimeoutMs: z.number(),
          nonceStore: z.object({ variable: z.string(), url: z.string() }).exactOptional(),
        })
        .nullable(),
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
      lifetimes: z
        .array(z.object({ ...tokenScope, lifetimeMs: z.number() }))
        .readonly()
        .exactOptional(),
      reuse: z
        .array(z.object({ ...tokenScope, singleUse: z.enum(['strict', 'lenient']) }))
        .readonly()
        .exactOptional(),
      assumptions: texts.exactOptional(),
      ports: z.object({ control: z.number(), ...providerPorts }),
    }),
    load: loadPlan.nullable(),
    attack: z
      .object({
        include: strings,
        exclude: strings,
        severities: z.array(severitySchema).readonly().exactOptional(),
        failOn: severitySchema.exactOptional().describe('A finding less severe does not turn the run red.'),
        suppress: z.array(suppressionSchema).readonly().exactOptional(),
        latency,
        race: z.object({ rounds: z.number(), width: z.number(), below: z.number().exactOptional() }),
        underLoad: z
          .object({ share: z.number(), capacityPerSecond: z.number().nullable(), load: loadPlan })
          .exactOptional()
          .describe('Honest load beside the attacks.'),
      })
      .nullable(),
    budgets: z.array(budget).readonly(),
    allowedHosts: strings,
    source: source.exactOptional(),
  })
  .meta({ id: 'Plan', description: 'Everything the run was to do, with no default left open.' }) satisfies z.ZodType<Plan>
