/** The published shape of the result document, mirrored in zod, and its JSON Schema. Run as a script it writes `reports/schema/result-1.json`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { ATTACK_FAMILIES, PROOF_KINDS } from '../src/contract/attack.ts'
import { CARRIER_IDS } from '../src/contract/carriers.ts'
import type { SeriesName } from '../src/contract/engine.ts'
import { FAULT_IDS } from '../src/contract/fault.ts'
import { STEP_OUTCOMES } from '../src/contract/flow.ts'
import { PROVIDER_IDS } from '../src/contract/providers.ts'
import type { Result } from '../src/contract/result.ts'
import { SERIES_NAMES } from '../src/contract/series.ts'
import { OPERATION_IDS } from '../src/contract/target.ts'
import { RESULT_SCHEMA_ID } from '../src/judge/judge.ts'
import { attackCostSchema, failClosedMapSchema, figuresSchema, reissueLevelSchema } from './figures-schema.ts'
import { findingSchema, severitySchema, suppressionResultSchema } from './finding-schema.ts'
import { gateSchema } from './gate-schema.ts'
import { generatorFacts } from './generator-schema.ts'
import { attributionSchema, reconciliationSchema, timelineFields, trafficFields } from './load-schema.ts'
import { planSchema } from './plan-schema.ts'

const outcome = z
  .enum(['pass', 'fail', 'inconclusive', 'not-applicable', 'error'])
  .describe('Missing evidence is inconclusive, never pass.')
const ms = z.number().nullable().describe('Milliseconds; null = no figure could be had.')
const count = z.number().int().nonnegative()
const series = z.enum(SERIES_NAMES as readonly [SeriesName, ...SeriesName[]])
const operation = z.enum(OPERATION_IDS)
const stepOutcome = z.enum(STEP_OUTCOMES as readonly ['granted', 'refused', 'failed', 'carrier-failed'])
const carrier = z.enum(CARRIER_IDS)

const histogram = z
  .object({
    logBase: z
      .number()
      .positive()
      .describe('Natural logarithm of the bucket base: bucket i holds values in (base^(i-1), base^i].'),
    buckets: z.array(z.tuple([z.number().int(), count])).describe('[bucket index, count], ascending, no zero counts.'),
    zeroCount: count.describe('Values at or below zero.'),
    count,
    sum: z.number().exactOptional(),
  })
  .meta({
    id: 'Histogram',
    description: 'Adds up across seconds, instances and machines; percentiles are read from the whole and never averaged.',
  })

const trouble = z
  .object({
    code: z.enum([
      'USAGE',
      'CONFIG',
      'NOT_ALLOWED',
      'PORT_IN_USE',
      'ENGINE_MISSING',
      'ENGINE_FAILED',
      'TARGET_UNREACHABLE',
      'TARGET_DIED',
      'TARGET_FOREIGN',
      'MOCKS_FAILED',
      'DISK',
      'EVIDENCE',
      'INTERRUPTED',
      'INTERNAL',
    ]),
    message: z.string(),
    hint: z.string().exactOptional().describe('What to do next.'),
  })
  .meta({ id: 'Trouble' })

const validity = z
  .object({
    outcome: z.enum(['pass', 'inconclusive', 'not-applicable']),
    checks: z.array(z.object({ id: z.string(), outcome, observed: z.string(), limit: z.string(), text: z.string() })),
  })
  .meta({ id: 'Validity' })

const summary = z
  .object({
    series,
    outcome: stepOutcome,
    count,
    minMs: ms,
    maxMs: ms,
    p50Ms: ms,
    p90Ms: ms,
    p95Ms: ms,
    p99Ms: ms,
    p999Ms: ms,
    exact: z.boolean().describe('True: the engine’s own exact quantiles. False: read from the histogram.'),
    histogram,
  })
  .meta({ id: 'SeriesSummary' })

const perSecond = z.array(z.number())
const msPerSecond = z.array(z.number().nullable()).describe('Null where the second had no sample.')

const load = z
  .object({
    engine: z.object({ id: z.string(), version: z.string(), model: z.enum(['open', 'closed']) }),
    scenario: z.string(),
    logins: z.array(operation).readonly().exactOptional(),
    startedAt: z.string(),
    durationMs: z.number(),
    offeredPerSecond: z.number().nullable(),
    achievedPerSecond: z.number(),
    attempted: count,
    completed: count,
    dropped: count,
    transportErrors: count,
    summaries: z.array(summary),
    seconds: z.object({
      stepMs: z.literal(1000),
      second: perSecond,
      granted: perSecond,
      refused: perSecond,
      failed: perSecond,
      carrierFailed: perSecond,
      loginP50Ms: msPerSecond,
      loginP95Ms: msPerSecond,
      loginP99Ms: msPerSecond,
      addedP50Ms: msPerSecond,
      addedP95Ms: msPerSecond,
      addedP99Ms: msPerSecond,
    }),
    carrier: z
      .object({
        calls: count,
        redeemed: count,
        billed: count,
        byResult: z.record(z.string(), count),
        faults: z.record(z.string(), count),
        delayErrorMs: histogram,
        intendedMs: histogram,
        ...trafficFields,
      })
      .nullable(),
    attribution: attributionSchema.exactOptional(),
    reconciliation: reconciliationSchema.exactOptional(),
    ...timelineFields,
    generator: generatorFacts,
    end: z.object({ exitCode: z.number().nullable(), reason: z.enum(['finished', 'stopped', 'target-died', 'engine-died']) }),
  })
  .meta({ id: 'Load' })

const judgement = z
  .object({
    outcome: z.enum(['pass', 'fail', 'inconclusive']),
    claim: z.string(),
    proof: z
      .object({
        kind: z.enum(PROOF_KINDS),
        text: z.string(),
        exchanges: z.array(z.number()).readonly(),
        journal: z.array(z.number()).readonly(),
      })
      .exactOptional(),
    expected: z.string().exactOptional(),
    observed: z.string().exactOptional(),
    figures: figuresSchema.exactOptional(),
  })
  .meta({ id: 'Judgement' })

const headers = z.record(z.string(), z.string())
const transcriptEntry = z
  .object({
    id: z.number(),
    op: operation,
    atMs: z.number(),
    request: z.object({ method: z.string(), url: z.string(), headers, body: z.string().nullable() }),
    response: z.object({ status: z.number(), headers, body: z.string(), truncated: z.boolean() }).nullable(),
    error: z.string().exactOptional(),
  })
  .meta({ id: 'TranscriptEntry' })

const journalRow = z
  .object({
    seq: z.number(),
    arrivedAtMs: z.number(),
    provider: z.enum(PROVIDER_IDS),
    carrier: carrier.exactOptional(),
    operation: z.string(),
    token: z.string(),
    tokenKind: z.enum(['load', 'handset', 'unknown']),
    appId: z.string(),
    signature: z.enum(['ok', 'bad', 'absent']),
    httpStatus: z.number(),
    resultCode: z.string(),
    redeemed: z.boolean(),
    billed: z.boolean(),
    fault: z.enum(FAULT_IDS).exactOptional(),
    otherFaults: z.array(z.enum(FAULT_IDS)).readonly().exactOptional(),
    intendedUs: z.number(),
    actualUs: z.number(),
  })
  .meta({ id: 'JournalRow' })

const attack = z
  .object({
    id: z.string(),
    title: z.string(),
    family: z.enum(ATTACK_FAMILIES),
    severity: severitySchema,
    cwe: z.array(z.number()).readonly(),
    asvs: z.array(z.string()).readonly(),
    api2023: z.array(z.string()).readonly(),
    about: z.string(),
    has: z.string().describe('What the attacker owns.'),
    outcome,
    claim: z.string(),
    finding: findingSchema.exactOptional().describe('Present when the attack got in.'),
    judgement: judgement.nullable(),
    control: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
    transcript: z.array(transcriptEntry),
    journal: z.array(journalRow),
    requests: count,
    durationMs: z.number(),
    reproduce: z.string().describe('One shell line that runs this attack again.'),
  })
  .meta({ id: 'Attack' })

const targetIdentity = z
  .looseObject({
    runId: z.string().nullable(),
    name: z.string(),
    version: z.string(),
    flaws: z.array(z.string()).readonly(),
  })
  .meta({ id: 'TargetIdentity' })

/** Readers refuse another major version and tolerate fields they do not know, so objects are open. */
export const resultSchema = z
  .object({
    $schema: z.string(),
    schemaVersion: z.literal('1.1.0'),
    id: z.string(),
    name: z.string(),
    verdict: z.enum(['pass', 'fail', 'inconclusive', 'error']),
    exitCode: z.number().int(),
    reasons: z
      .array(z.object({ code: z.string(), ref: z.string().describe('Names a part of this document.'), text: z.string() }))
      .describe('Why, most important first.'),
    tool: z.object({ name: z.string(), version: z.string(), node: z.string(), engine: z.string().nullable() }),
    target: z.object({ name: z.string(), url: z.string(), identity: targetIdentity.nullable() }),
    time: z.object({ startedAt: z.string(), durationMs: z.number() }),
    machine: z.object({ os: z.string(), cpu: z.string(), cores: z.number(), memoryMiB: z.number() }),
    plan: planSchema,
    validity,
    gates: z.array(gateSchema),
    load: load.nullable(),
    attacks: z.array(attack),
    failClosedMap: failClosedMapSchema.exactOptional().describe('Absent unless cf-fail-closed ran.'),
    attackCost: attackCostSchema.exactOptional().describe('Absent unless do-attack-cost ran.'),
    reissueLevel: reissueLevelSchema.exactOptional().describe('Absent unless nr-reissue-level ran.'),
    suppressions: z.array(suppressionResultSchema).exactOptional(),
    baseline: z.object({ id: z.string(), startedAt: z.string() }).exactOptional(),
    trouble: z.array(trouble),
    notes: z.array(z.string()),
    ended: z.enum(['finished', 'interrupted', 'terminated', 'failed']),
  })
  .describe('What a run of onetap found. Every report is a view of this document.') satisfies z.ZodType<Result>

/** The JSON Schema as it is published, with a line feed at its end. */
export function resultSchemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(resultSchema, {
    io: 'input',
    override: ({ jsonSchema }) => openAndPlain(jsonSchema),
  })
  return `${JSON.stringify({ $schema, $id: RESULT_SCHEMA_ID, title: 'onetap result', ...schema }, null, 2)}\n`
}

/** zod bounds integers by the largest exact double, which says nothing to a reader. */
function openAndPlain(schema: { maximum?: number; minimum?: number }): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
}

if (import.meta.main) {
  writeFileSync(fileURLToPath(new URL('../reports/schema/result-1.json', import.meta.url)), resultSchemaText())
}
