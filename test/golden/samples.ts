import type { Attack, AttackEvidence } from '../../src/contract/attack.ts'
import type { EvidenceBody, EvidenceRecord } from '../../src/contract/evidence.ts'
import { parseGate } from '../../src/contract/parse-gate.ts'
import type { Plan } from '../../src/contract/plan.ts'
import type { Result } from '../../src/contract/result.ts'
import { judge } from '../../src/judge/judge.ts'
import { planOf } from '../unit/judge/evidence-builder.ts'
import { notApplicable, raceWon, sampleAttacks, unclear, withstood } from './sample-attacks.ts'
import { figureAttacks, figureEvidence } from './sample-figures.ts'
import { sampleLoad, type Weather } from './sample-load.ts'

const STARTED_AT = Date.UTC(2030, 5, 1, 9, 30)
const RATE = 120
const SECONDS = 60
const CALM: Weather = { addedMs: 6, scatter: 0.35, failed: 0, refused: 0 }

/** What the configuration of the samples says itself. */
const SETS = ['name', 'target.module', 'target.start.command', 'mocks.faults', 'load.scenario', 'load.shape.kind', 'budgets']

/** Results of six made-up runs, judged as any other: what the committed samples and the browser tests show. */
export const samples: readonly { name: string; result: Result }[] = [
  { name: 'pass', result: passing() },
  { name: 'fail', result: failing() },
  { name: 'inconclusive', result: inconclusive() },
  { name: 'accepted', result: accepted() },
  { name: 'cut-short', result: cutShort() },
  { name: 'figures', result: figures() },
]

function passing(): Result {
  const plan = samplePlan('login of the example shop', 'sample-pass')
  const { load, carrier } = sampleLoad({
    plan,
    seconds: SECONDS,
    ratePerSecond: RATE,
    carrierFailedShare: 0.02,
    weather: () => CALM,
    startedAtMs: STARTED_AT + 4000,
  })
  const attacks = ['ft-carrier-random', 'rp-carrier-token-serial', 'rp-nonce-race', 'nr-old-session'].map(withstood)
  const opaque = notApplicable('ft-jwt-alg-none', 'The credential is opaque, there is no JWT to forge.')
  return judged(plan, [{ kind: 'load-finished', load, carrier }], [...attacks, opaque], [])
}

/** A backend that bends in the middle of the load and loses a race. */
function failing(): Result {
  const calm = samplePlan('login of the example shop', 'sample-fail')
  const outage = { id: 'hang', name: 'slow store', share: 0.01, holdMs: 40, fromMs: 33_000, toMs: 43_000 } as const
  const plan = { ...calm, mocks: { ...calm.mocks, faults: [...calm.mocks.faults, outage] } }
  const weather = (second: number): Weather => {
    const strain = Math.exp(-(((second - 38) / 7) ** 2))
    return { addedMs: 6 + 160 * strain, scatter: 0.35 + 0.35 * strain, failed: 0.06 * strain ** 2, refused: 0.015 * strain ** 2 }
  }
  const { load, carrier } = sampleLoad({
    plan,
    seconds: SECONDS,
    ratePerSecond: RATE,
    carrierFailedShare: 0.02,
    weather,
    startedAtMs: STARTED_AT + 4000,
  })
  const rest = ['ft-carrier-random', 'ft-jwt-alg-none', 'rp-carrier-token-serial', 'nr-old-session'].map(withstood)
  return judged(
    plan,
    [{ kind: 'load-finished', load, carrier }],
    [raceWon(), ...rest],
    [{ kind: 'note', text: 'The target declares a racy nonce control.' }],
  )
}

/** A starved generator beside a backend that stopped answering honest users in the middle of an attack. */
function inconclusive(): Result {
  const plan = samplePlan('login of the example shop', 'sample-inconclusive')
  const { load, carrier } = sampleLoad({
    plan,
    seconds: 20,
    ratePerSecond: RATE,
    carrierFailedShare: 0,
    weather: () => CALM,
    startedAtMs: STARTED_AT + 4000,
  })
  const starved = {
    ...load,
    durationMs: SECONDS * 1000,
    plannedArrivals: RATE * SECONDS,
    dropped: RATE * (SECONDS - 20),
    generator: { cpuShare: 0.97, maxUsers: 200, notes: ['The engine reached its greatest number of users after 20 s.'] },
  }
  const attacks = ['ft-carrier-random', 'ft-jwt-alg-none', 'rp-carrier-token-serial'].map(withstood)
  return judged(
    plan,
    [{ kind: 'load-finished', load: starved, carrier }],
    [...attacks, unclear('rp-nonce-race', 'login answered 503')],
    [],
  )
}

/** A race that is lost and known, beside a suppression that covers nothing; attacks alone. */
function accepted(): Result {
  const plan = samplePlan('login of the example shop', 'sample-accepted')
  const suppress = [
    {
      id: 'rp-nonce-race',
      reason: 'One store for all instances comes with release 1.5.',
      until: '2030-06-30',
      owner: 'login team',
    },
    { id: 'nr-old-session', reason: 'Waits for the carrier’s notices.', until: '2030-12-31' },
  ]
  const attack = {
    include: ['all'],
    exclude: [],
    suppress,
    latency: { kind: 'fixed', ms: 80 },
    race: { rounds: 5, width: 8 },
  } as const
  const budgets = [{ kind: 'attacks', family: 'replay', minSamples: 2 }] as const
  const rest = ['ft-carrier-random', 'ft-jwt-alg-none', 'rp-carrier-token-serial', 'nr-old-session'].map(withstood)
  return judged({ ...plan, load: null, attack, budgets }, [], [raceWon(), ...rest], [])
}

/** Stopped by a person after the first attacks: what was measured is kept, and nothing is green. */
function cutShort(): Result {
  const plan = samplePlan('login of the example shop', 'sample-cut-short')
  const attack = { include: ['all'], exclude: [], latency: { kind: 'fixed', ms: 80 }, race: { rounds: 5, width: 8 } } as const
  const budgets = [{ kind: 'attacks', family: 'replay', minSamples: 2 }] as const
  const done = ['ft-carrier-random', 'rp-carrier-token-serial'].map(withstood)
  return judged({ ...plan, load: null, attack, budgets }, [], done, [], 'interrupted')
}

/** Attacks that measure: a map with an open cell, the cost of an attack, a number's life, a race's bound; budgets as expressions. */
function figures(): Result {
  const plan = samplePlan('login of the example shop', 'sample-figures')
  const attack = { include: ['all'], exclude: [], latency: { kind: 'fixed', ms: 80 }, race: { rounds: 5, width: 8 } } as const
  const budgets = ['attacks.high = 0', 'carrierCalls.perForged <= 1', 'reissue.revocation.max < 60s'].map(text => {
    const parsed = parseGate(text)
    if ('mistake' in parsed) throw new Error(parsed.mistake.text)
    return { kind: 'expression' as const, text, gate: parsed.gate }
  })
  return judged({ ...plan, load: null, attack, budgets }, [], figureEvidence, [], 'finished', figureAttacks)
}

function samplePlan(name: string, runId: string): Plan {
  const plan = planOf()
  return {
    ...plan,
    name,
    runId,
    seed: 20_300_601,
    target: {
      ...plan.target,
      start: { command: ['node', 'server.js'], env: { PORT: '{port}' }, cwd: null, readyTimeoutMs: 10_000 },
    },
    mocks: { ...plan.mocks, faults: [{ id: 'error-rate', share: 0.02, answer: 'http' }] },
    load: {
      engine: 'auto',
      scenario: 'one-tap-login',
      shape: { kind: 'constant-arrival-rate', ratePerSecond: RATE, durationMs: SECONDS * 1000 },
      warmUpMs: 5000,
      maxUsers: 200,
      requestTimeoutMs: 10_000,
    },
    attack: { include: ['all'], exclude: [], latency: { kind: 'fixed', ms: 80 }, race: { rounds: 5, width: 8 } },
    budgets: [
      { kind: 'latency', metric: 'login', stat: 'p99', limitMs: 800, minSamples: 1000 },
      { kind: 'latency', metric: 'backend_added', stat: 'p95', limitMs: 50, minSamples: 1000 },
      { kind: 'error-rate', limit: 0.005, minSamples: 1000 },
      { kind: 'attacks', family: 'forged-token', minSamples: 1 },
      { kind: 'attacks', family: 'replay', minSamples: 2 },
      { kind: 'attacks', family: 'number-reuse', minSamples: 1 },
    ],
    source: {
      config: { file: 'shop/onetap.config.ts', budgetsLine: 31, sets: SETS },
      flags: ['seed'],
      target: { file: 'shop/onetap.target.ts', lines: { nonce: 12, oneTap: 20, me: 34 } },
      commit: '0123456789abcdef0123456789abcdef01234567',
      branch: 'main',
    },
  }
}

function judged(
  plan: Plan,
  load: readonly EvidenceBody[],
  attacks: readonly AttackEvidence[],
  extra: readonly EvidenceBody[],
  how: Result['ended'] = 'finished',
  attacksOfRun: readonly Attack[] = sampleAttacks,
): Result {
  const bodies: EvidenceBody[] = [
    {
      kind: 'run-started',
      runId: plan.runId,
      tool: { name: 'onetap', version: '0.1.0', node: '24.0.0' },
      machine: { os: 'linux 6.1', cpu: 'example processor', cores: 4, memoryMiB: 8192 },
    },
    { kind: 'mocks-up', identity: { runId: plan.runId, urls: {} } },
    {
      kind: 'target-up',
      url: 'http://127.0.0.1:40001',
      identity: { runId: plan.runId, name: 'example shop', version: '1.4.2', flaws: [] },
    },
    ...load,
    ...attacks.map(attack => ({ kind: 'attack-finished' as const, attack })),
    ...extra,
    { kind: 'run-ended', how },
  ]
  const at = (i: number): number => STARTED_AT + Math.round((i * 95_000) / bodies.length)
  const records: EvidenceRecord[] = bodies.map((body, i) => ({ schemaVersion: '1.0.0', seq: i + 1, atMs: at(i), ...body }))
  return judge(records, plan, attacksOfRun)
}
