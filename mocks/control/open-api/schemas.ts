import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import { FAULT_IDS } from '../../../src/contract/fault.ts'
import { PROVIDER_IDS } from '../../../src/contract/providers.ts'
import { PERCENTILE_NAMES } from '../../../src/contract/quantile-table.ts'
import { count, fields, flag, listOf, mapOf, oneOf, open, ref, type Schema, share, text, timeMs, whole } from './operation.ts'

const carrier = oneOf(...CARRIER_IDS)
const provider = oneOf(...PROVIDER_IDS)
const fault = oneOf(...FAULT_IDS)
const kind = (name: string): Schema => ({ const: name })

const steady: readonly Schema[] = [
  fields({ kind: kind('none') }),
  fields({ kind: kind('fixed'), ms: timeMs }),
  fields({ kind: kind('uniform'), minMs: timeMs, maxMs: timeMs }),
  fields({ kind: kind('lognormal'), medianMs: timeMs, p99Ms: timeMs }),
  fields({ kind: kind('percentiles'), points: fields({}, Object.fromEntries(PERCENTILE_NAMES.map(name => [name, timeMs]))) }),
  fields({ kind: kind('recorded'), quantilesMs: listOf(timeMs) }),
]

const filter: Readonly<Record<string, Schema>> = {
  provider,
  carrier,
  operation: text,
  tokens: listOf(text),
  tokenKind: oneOf('load', 'handset', 'unknown'),
  appId: text,
  signature: oneOf('ok', 'bad', 'absent'),
  httpStatus: whole,
  resultCode: text,
  fault: oneOf('none', ...FAULT_IDS),
  redeemed: flag,
  billed: flag,
}

/** Shared shapes, by name. Those a fault takes beside its scope are described by its part and by the configuration's schema. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Error: fields({ error: fields({ code: text, message: text, hint: text }) }),
  SteadyLatency: { oneOf: steady },
  Latency: {
    oneOf: [
      ...steady,
      fields(
        { kind: kind('step'), before: ref('SteadyLatency'), atMs: timeMs, after: ref('SteadyLatency') },
        { originMs: timeMs },
      ),
      fields(
        { kind: kind('brown-out'), base: ref('SteadyLatency'), factor: timeMs, fromMs: timeMs, toMs: timeMs },
        { rampMs: timeMs, originMs: timeMs },
      ),
    ],
  },
  FaultRule: {
    type: 'object',
    properties: {
      id: fault,
      share,
      name: { type: 'string', pattern: '^[a-z0-9-]{1,40}$' },
      providers: listOf(provider),
      operations: listOf(text),
      fromMs: timeMs,
      toMs: timeMs,
      ttlMs: timeMs,
      originMs: timeMs,
    },
    required: ['id', 'share'],
  },
  Behaviour: fields(
    { latency: ref('Latency'), faults: listOf(ref('FaultRule')), singleUse: oneOf('strict', 'lenient') },
    {
      lifetimes: listOf(fields({ lifetimeMs: timeMs }, { provider, carrier, purpose: oneOf('login', 'verify') })),
      reuse: listOf(fields({ singleUse: oneOf('strict', 'lenient') }, { provider, carrier, purpose: oneOf('login', 'verify') })),
      assumptions: mapOf(text),
    },
  ),
  FaultsInForce: fields({ rules: mapOf(ref('FaultRule')), over: listOf(text) }),
  JournalFilter: fields({}, filter),
  JournalQuery: fields({}, { ...filter, sinceSeq: count, limit: count, newest: flag }),
  JournalRow: fields(
    {
      seq: count,
      arrivedAtMs: timeMs,
      provider,
      operation: text,
      token: text,
      tokenKind: oneOf('load', 'handset', 'unknown'),
      appId: text,
      signature: oneOf('ok', 'bad', 'absent'),
      httpStatus: whole,
      resultCode: text,
      redeemed: flag,
      billed: flag,
      intendedUs: count,
      actualUs: count,
    },
    { carrier, fault, otherFaults: listOf(fault) },
  ),
  JournalPage: fields({
    rows: listOf(ref('JournalRow')),
    oldestSeq: count,
    oldestLoadSeq: count,
    nextSeq: count,
    pending: count,
  }),
  Histogram: open,
  JournalTotals: fields({
    calls: count,
    redeemed: count,
    billed: count,
    byResult: mapOf(count),
    faults: mapOf(count),
    delayErrorMs: ref('Histogram'),
    intendedMs: ref('Histogram'),
    traffic: mapOf(fields({ calls: count, repeated: count, connections: count, abandoned: count })),
    loopDelayMs: fields({ p50: timeMs, p99: timeMs, max: timeMs }),
  }),
  HandsetSim: fields({ index: count, carrier, msisdn: text, imsi: text }),
  IssuedToken: {
    type: 'object',
    properties: { carrier, provider, appId: text, token: text, authCode: text, expiresInMs: timeMs },
    required: ['carrier', 'appId', 'token', 'expiresInMs'],
  },
}

export { carrier, filter, provider }
