import type { Attack, AttackEvidence, AttackMeta, Judgement } from '../../../src/contract/attack.ts'
import type { LoadEvidence, SeriesName, SeriesSecond, SeriesTotal } from '../../../src/contract/engine.ts'
import type { EvidenceBody, EvidenceRecord, LoadWatch } from '../../../src/contract/evidence.ts'
import type { StepOutcome } from '../../../src/contract/flow.ts'
import { histogramOf } from '../../../src/contract/histogram.ts'
import type { JournalTotals, LoadTokens } from '../../../src/contract/journal.ts'
import type { AttackPlan, Budget, LoadPlan, Plan } from '../../../src/contract/plan.ts'
import type { LoadRecord } from '../../../src/judge/ledger-view.ts'

export const RUN_ID = 'run-under-test'
export const START_MS = Date.UTC(2030, 0, 1)

/** A plan of 100 arrivals a second for 20 s, without attacks. */
export function planOf(more: Partial<Plan> = {}): Plan {
  return {
    schemaVersion: '1.0.0',
    runId: RUN_ID,
    name: 'suite',
    seed: 7,
    target: {
      module: 'onetap.target.ts',
      url: null,
      start: { command: ['node', 'backend.ts'], env: {}, cwd: null, readyTimeoutMs: 10_000 },
      identityPath: '/.onetap/identity',
      allow: [],
      vars: {},
    },
    mocks: {
      carriers: ['china-mobile', 'china-unicom', 'china-telecom'],
      subscribers: 100_000,
      latency: { kind: 'lognormal', medianMs: 80, p99Ms: 400 },
      faults: [],
      singleUse: 'strict',
      ports: { control: 0 },
    },
    load: loadPlanOf(),
    attack: null,
    budgets: [p99Budget(500)],
    allowedHosts: [],
    ...more,
  }
}

export function loadPlanOf(more: Partial<LoadPlan> = {}): LoadPlan {
  return {
    engine: 'auto',
    scenario: 'one-tap-login',
    shape: { kind: 'constant-arrival-rate', ratePerSecond: 100, durationMs: 20_000 },
    warmUpMs: 1000,
    maxUsers: 200,
    requestTimeoutMs: 10_000,
    ...more,
  }
}

export function attackPlanOf(more: Partial<AttackPlan> = {}): AttackPlan {
  return { include: ['all'], exclude: [], latency: { kind: 'none' }, race: { rounds: 5, width: 8 }, ...more }
}

export function p99Budget(limitMs: number): Budget {
  return { kind: 'latency', metric: 'login', stat: 'p99', limitMs, minSamples: 100 }
}

/** Totals of `count` values spread evenly between `fromMs` and `toMs`. */
export function totalOf(series: SeriesName, outcome: StepOutcome, count: number, fromMs = 50, toMs = 250): SeriesTotal {
  return { series, outcome, count, histogram: histogramOf(spread(count, fromMs, toMs)) }
}

function spread(count: number, from: number, to: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 0.5)) / count)
}

/** The same with the engine's own exact figures. */
export function exactTotalOf(series: SeriesName, outcome: StepOutcome, count: number, p99: number): SeriesTotal {
  return {
    ...totalOf(series, outcome, count),
    exact: { min: 1, max: p99 * 2, p50: p99 / 4, p90: p99 / 2, p95: p99 / 1.5, p99, p999: p99 * 1.5 },
  }
}

/** 2000 arrivals in 20 s, all granted, nothing amiss. */
export function loadOf(more: Partial<LoadEvidence> = {}): LoadEvidence {
  return {
    engine: { id: 'k6', version: '2.2.0', model: 'open' },
    scenario: 'one-tap-login',
    startedAtMs: START_MS + 2000,
    durationMs: 20_000,
    offeredPerSecond: 100,
    plannedArrivals: 2000,
    attempted: 2000,
    completed: 2000,
    dropped: 0,
    transportErrors: 0,
    totals: [
      totalOf('nonce', 'granted', 2000, 1, 5),
      totalOf('oneTap', 'granted', 2000),
      totalOf('backend_added', 'granted', 2000, 2, 12),
      totalOf('me', 'granted', 2000, 1, 4),
    ],
    seconds: secondsOf(20, 100),
    generator: {
      cpuShare: 0.2,
      maxUsers: 60,
      latenessMs: { p50: 0.1, p99: 0.5, max: 3 },
      instances: [{ index: 0, reported: true, finished: true, exitCode: 0, attempted: 2000 }],
      notes: [],
    },
    end: { exitCode: 0, reason: 'finished' },
    trouble: [],
    ...more,
  }
}

export function secondsOf(seconds: number, perSecond: number): SeriesSecond[] {
  return Array.from({ length: seconds }, (_, second): SeriesSecond[] => [
    { second, series: 'oneTap', outcome: 'granted', histogram: histogramOf(spread(perSecond, 50, 250)) },
    { second, series: 'backend_added', outcome: 'granted', histogram: histogramOf(spread(perSecond, 2, 12)) },
  ]).flat()
}

export function carrierOf(more: Partial<JournalTotals> = {}): JournalTotals {
  return {
    calls: 2000,
    redeemed: 2000,
    billed: 2000,
    byResult: { 'china-mobile/103000': 2000 },
    faults: {},
    delayErrorMs: histogramOf(spread(2000, 0.05, 0.9)),
    intendedMs: histogramOf(spread(2000, 40, 240)),
    loopDelayMs: { p50: 0.1, p99: 0.6, max: 4 },
    ...more,
  }
}

export function metaOf(id: string, more: Partial<AttackMeta> = {}): AttackMeta {
  return {
    id,
    family: 'replay',
    title: `Title of ${id}`,
    about: 'What the enemy does.',
    severity: 'high',
    cwe: [294],
    asvs: ['6.6.1'],
    api2023: ['API2:2023'],
    has: 'an own phone',
    needs: ['oneTap'],
    notices: [],
    ...more,
  }
}

/** An attack whose judge reads its judgement out of the observation. */
export function attackOf(id: string, more: Partial<AttackMeta> = {}): Attack {
  return {
    meta: metaOf(id, more),
    observe: async () => null,
    judge: observation => observation as unknown as Judgement,
  }
}

export const WITHSTOOD: Judgement = { outcome: 'pass', claim: 'The replay was refused and no carrier was called.' }
export const GOT_IN: Judgement = {
  outcome: 'fail',
  claim: 'A used token logged in again.',
  proof: { kind: 'credential', text: 'The credential opened the account.', exchanges: [2], journal: [2] },
}
export const UNCLEAR: Judgement = { outcome: 'inconclusive', claim: 'The backend answered 503.' }

export function attackEvidenceOf(attackId: string, judgement: Judgement, more: Partial<AttackEvidence> = {}): AttackEvidence {
  return {
    attackId,
    control: { before: null, after: null },
    status: 'observed',
    observation: judgement as unknown as AttackEvidence['observation'],
    transcript: [],
    journal: [],
    durationMs: 120,
    requests: 4,
    ...more,
  }
}

export interface LedgerParts {
  load?: LoadEvidence | null
  carrier?: JournalTotals | null
  tokens?: LoadTokens
  watch?: LoadWatch
  attacks?: readonly AttackEvidence[]
  /** Records put in before the last one. */
  extra?: readonly EvidenceBody[]
  identityRunId?: string | null
  url?: string
  /** `null`: the ledger ends without a last record. */
  ended?: Extract<EvidenceBody, { kind: 'run-ended' }>['how'] | null
}

/** Unless told: the carriers' books agree with the client's, and the clock ran evenly. */
function noticed(load: LoadEvidence, { tokens, watch }: LedgerParts): Pick<LoadRecord, 'tokens' | 'watch'> {
  const granted = load.totals.find(one => one.series === 'oneTap' && one.outcome === 'granted')?.count ?? 0
  const agreed = { from: 0, to: load.attempted, called: load.attempted, redeemed: granted, unredeemed: [], unnamed: 0 }
  return { tokens: tokens ?? agreed, watch: watch ?? { loopDelayMs: { p50: 0, p99: 0, max: 0 }, clockJumpMs: 0.2 } }
}

/** A whole ledger: by default one valid load, no attacks, ended as planned. */
export function ledgerOf(parts: LedgerParts = {}): EvidenceRecord[] {
  const { load = loadOf(), carrier = carrierOf(), attacks = [], extra = [], ended = 'finished' } = parts
  const identityRunId = parts.identityRunId === undefined ? RUN_ID : parts.identityRunId
  const bodies: EvidenceBody[] = [
    {
      kind: 'run-started',
      runId: RUN_ID,
      tool: { name: 'onetap', version: '0.1.0', node: '24.0.0' },
      machine: { os: 'linux', cpu: 'example', cores: 2, memoryMiB: 4096 },
    },
    { kind: 'mocks-up', identity: { runId: RUN_ID, urls: {} } },
    {
      kind: 'target-up',
      url: parts.url ?? 'http://127.0.0.1:40001',
      identity: identityRunId === null ? null : { runId: identityRunId, name: 'backend', version: '1.0.0', flaws: [] },
    },
    ...(load === null ? [] : [{ kind: 'load-finished' as const, load, carrier, ...noticed(load, parts) }]),
    ...attacks.map(attack => ({ kind: 'attack-finished' as const, attack })),
    ...extra,
    ...(ended === null ? [] : [{ kind: 'run-ended' as const, how: ended }]),
  ]
  return bodies.map((body, i) => ({ schemaVersion: '1.0.0', seq: i + 1, atMs: START_MS + i * 1000, ...body }))
}
