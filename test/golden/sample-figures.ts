import type { Attack, AttackEvidence, Judgement, TranscriptEntry } from '../../src/contract/attack.ts'
import {
  type AttackCost,
  FAIL_CLOSED_ENEMIES,
  FAIL_CLOSED_LOADS,
  FAIL_CLOSED_TROUBLES,
  type FailClosedMap,
  type ReissueLevel,
} from '../../src/contract/figures.ts'

const map: FailClosedMap = {
  outcome: 'fail',
  load: { share: 0.5, capacityPerSecond: 240, offeredPerSecond: 120 },
  cells: FAIL_CLOSED_TROUBLES.flatMap(trouble =>
    FAIL_CLOSED_LOADS.flatMap(load =>
      FAIL_CLOSED_ENEMIES.map(enemy => {
        const open = trouble === 'nonce-store-down' && enemy === 'replayed' && load === 'loaded'
        const untried = trouble === 'nonce-store-slow'
        const errored = trouble === 'carrier-5xx'
        return {
          trouble,
          load,
          enemy,
          state: untried
            ? ('not-applicable' as const)
            : open
              ? ('accepted' as const)
              : errored
                ? ('errored' as const)
                : ('refused' as const),
          tries: untried ? 0 : 4,
          accepted: open ? 1 : 0,
          refused: untried || errored ? 0 : open ? 3 : 4,
          errored: errored ? 4 : 0,
          slowestMs: untried ? null : load === 'loaded' ? 812 : 95,
          text: open
            ? 'A used nonce was taken a second time while its store was down.'
            : untried
              ? 'The store cannot be slowed here.'
              : '',
          exchanges: [],
        }
      }),
    ),
  ),
}

const cost: AttackCost = {
  perForged: [
    { kind: 'made-up token', requests: 40, carrierCalls: 40, billedCalls: 0, messages: 0, workMs: 84, cpuMs: 0.9 },
    { kind: 'no nonce', requests: 40, carrierCalls: 0, billedCalls: 0, messages: 0, workMs: 0.7, cpuMs: 0.2 },
  ],
  honest: [
    { enemyShare: 0, sent: 400, granted: 400, goodputPerSecond: 40, p50Ms: 92, p99Ms: 260 },
    { enemyShare: 0.5, sent: 400, granted: 398, goodputPerSecond: 39.8, p50Ms: 101, p99Ms: 410 },
    { enemyShare: 0.9, sent: 400, granted: 371, goodputPerSecond: 37.1, p50Ms: 160, p99Ms: 1900 },
  ],
  victim: { state: 'none', tries: 30, lockedForMs: null, text: 'The owner logged in after each of them.' },
}

const level: ReissueLevel = {
  withinMs: 2000,
  series: [
    { notices: 'delivered', lastAcceptedMs: [40, 55, 60, 72, 90], stillAlive: 0, watchedMs: 4000, p50Ms: 60, p99Ms: 90 },
    { notices: 'lost', lastAcceptedMs: [4000, 4000, 4000], stillAlive: 3, watchedMs: 4000, p50Ms: 4000, p99Ms: 4000 },
  ],
  unharmed: [
    { kind: 'sim-replaced', numbers: 3, kept: 3 },
    { kind: 'ported', numbers: 3, kept: 3 },
  ],
}

const life: TranscriptEntry[] = (
  [
    ['oneTap', 20, 200],
    ['me', 160, 200],
    ['me', 900, 200],
    ['rebind', 1200, 204],
    ['me', 1260, 200],
    ['me', 1340, 401],
    ['me', 1900, 401],
    ['oneTap', 2300, 200],
  ] as const
).map(([op, atMs, status], i) => ({
  id: i + 1,
  op,
  atMs,
  request: { method: 'POST', url: `http://127.0.0.1:40001/api/${op}`, headers: {}, body: '{}' },
  response: { status, headers: {}, body: '{}', truncated: false },
}))

const RUNS: readonly (Pick<Attack['meta'], 'id' | 'family' | 'title'> & {
  judgement: Judgement
  transcript?: TranscriptEntry[]
})[] = [
  {
    id: 'cf-fail-closed',
    family: 'carrier-failure',
    title: 'What enemies get while others are in trouble',
    judgement: {
      outcome: 'fail',
      claim: 'One of 42 cells is open: nonce store down, loaded, replayed.',
      proof: { kind: 'second-session', text: 'A used nonce bought a session.', exchanges: [], journal: [] },
      figures: { kind: 'fail-closed-map', map },
    },
  },
  {
    id: 'do-attack-cost',
    family: 'availability',
    title: 'What a forged request costs',
    judgement: { outcome: 'pass', claim: 'Honest users kept 93 % of their logins.', figures: { kind: 'attack-cost', cost } },
  },
  {
    id: 'nr-reissue-level',
    family: 'number-reuse',
    title: 'How long a former holder’s credential lives on',
    judgement: {
      outcome: 'pass',
      claim: 'With its notice every credential was dead within 90 ms.',
      figures: { kind: 'reissue-level', level },
    },
    transcript: life,
  },
  {
    id: 'rp-nonce-race',
    family: 'replay',
    title: 'Nonce used many times at once',
    judgement: {
      outcome: 'pass',
      claim: 'One nonce bought one session in every round.',
      figures: {
        kind: 'race-bound',
        races: [
          {
            of: 'second winner',
            rounds: 100,
            width: 20,
            method: 'h1-last-byte',
            spreadMs: 0.21,
            overlap: 0.98,
            below: 0.0295,
            confidence: 0.95,
          },
        ],
      },
    },
  },
]

/** Attacks that show figures beside their verdicts. */
export const figureAttacks: readonly Attack[] = RUNS.map(({ judgement: _, transcript: __, ...meta }) => ({
  meta: {
    ...meta,
    about: 'Tries it and measures what comes of it.',
    severity: 'high',
    cwe: [636],
    asvs: ['16.5.3'],
    api2023: ['API4'],
    has: 'an own phone',
    needs: ['oneTap'],
    notices: [],
  },
  observe: async () => null,
  judge: observation => observation as unknown as Judgement,
}))

export const figureEvidence: readonly AttackEvidence[] = RUNS.map(({ id, judgement, transcript }) => ({
  attackId: id,
  control: { before: null, after: null },
  status: 'observed',
  observation: judgement as unknown as AttackEvidence['observation'],
  transcript: transcript ?? [],
  journal: [],
  durationMs: 4200,
  requests: 168,
}))
