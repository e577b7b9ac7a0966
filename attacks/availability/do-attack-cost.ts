import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { AttackCost } from '../../src/contract/figures.ts'
import type { Exchange, Lab, Tamper } from '../../src/contract/lab.ts'
import { newPassword } from '../kit/account.ts'
import { median } from '../kit/bound.ts'
import { crowdAmong, type Level } from '../kit/honest-crowd.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { lookalike } from '../kit/lookalike.ts'
import { signIn } from '../kit/sign-in.ts'
import { loginWith } from '../kit/tokens.ts'

type Kind =
  | 'invented token, own nonce'
  | 'invented token, no nonce'
  | 'invented token, invented nonce'
  | 'code to a stranger’s number'
type Cost = {
  kind: Kind
  requests: number
  granted: number
  calls: number[]
  billed: number
  messages: number
  workMs: number
  cpuMs: number | null
  exchanges: number[]
}
type Observation = {
  costs: Cost[]
  levels: Level[]
  victim: { tries: number; before: boolean; after: boolean; lockedForMs: number | null }
}

const REQUESTS = 20
const SHARES = [0, 0.5, 0.8, 0.9]
const VICTIM_TRIES = 10
const VICTIM_WAITS_MS = 2000
/** Carrier calls a forged request may cost: only with a nonce that was asked for is there any reason to ask the carrier. */
const MOST_CALLS: Readonly<Record<Kind, number>> = {
  'invented token, own nonce': 1,
  'invented token, no nonce': 0,
  'invented token, invented nonce': 0,
  'code to a stranger’s number': 0,
}

export default defineAttack<Observation>({
  meta: {
    id: 'do-attack-cost',
    family: 'availability',
    title: 'What a forged request costs',
    about:
      'Counts what forged requests cost the owner (carrier calls, messages, the target’s own work), what honest users feel of them as their share of all requests grows, and whether failures in somebody’s name keep that somebody out. A forged request without a nonce of its own that reaches the carrier spends money for anybody who asks.',
    severity: 'high',
    cwe: [405, 770],
    asvs: ['2.4.1', '13.2.6'],
    api2023: ['API4', 'API6'],
    has: 'one address; nonces are handed to anybody',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['carrier-routing=carrier-fanout', 'nonce-issued=format-only', 'nonce-issued=optional'],
    mayNotice: ['carrier-calls=retry-unbounded', 'carrier-token-verified=lenient-token'],
    alone: true,
  },

  async observe(lab) {
    const address = await lab.elsewhere()
    const from: Tamper = request => (address === undefined ? request : { ...request, from: address })
    const kinds: Kind[] = ['invented token, own nonce', 'invented token, no nonce', 'invented token, invented nonce']
    if (lab.has('smsSend') && lab.providers.includes('sms-gateway')) kinds.push('code to a stranger’s number')
    const costs: Cost[] = []
    for (const kind of kinds) costs.push(await costOf(lab, kind, from))
    const levels: Level[] = []
    for (const share of SHARES) levels.push(await crowdAmong(lab, share, () => forge(lab, 'invented token, own nonce', from)))
    return { costs, levels, victim: await victimOf(lab, from) }
  },

  judge(observation): Judgement {
    return { ...verdictOn(observation), figures: { kind: 'attack-cost', cost: figuresOf(observation) } }
  },
})

function verdictOn({ costs, levels, victim }: Observation): Judgement {
  const dear = costs.find(({ kind, requests, calls }) => calls.length > MOST_CALLS[kind] * requests)
  if (dear !== undefined)
    return fail(
      `${dear.requests} forged requests (${dear.kind}) cost ${dear.calls.length} carrier calls.`,
      'carrier-call',
      'The carrier journal shows the calls, made with tokens that no carrier had issued.',
      {
        exchanges: dear.exchanges,
        journal: dear.calls,
        expected: `at most ${MOST_CALLS[dear.kind] * dear.requests}`,
        observed: `${dear.calls.length}`,
      },
    )
  const [calm] = levels
  if (calm === undefined || calm.granted * 2 <= calm.sent) return inconclusive('Honest logins without any enemy did not succeed.')
  const letIn = costs.find(({ kind, granted }) => kind !== 'code to a stranger’s number' && granted > 0)
  if (letIn !== undefined)
    return inconclusive(
      `Of the forged requests (${letIn.kind}) ${letIn.granted} were granted: what they cost is the smaller trouble.`,
    )
  if (victim.before && !victim.after && victim.lockedForMs === null)
    return inconclusive(
      `After ${victim.tries} failures in somebody's name that somebody was kept out; do-victim-lockout looks closer.`,
    )
  const worst = levels.at(-1) ?? calm
  const asked = costs.find(({ kind }) => kind === 'invented token, own nonce')
  return pass(
    `A forged request cost at most ${perRequest(asked)} carrier calls, none without a nonce of its own; with ${Math.round(worst.enemyShare * 100)} % enemies ${worst.granted} of ${worst.sent} honest logins went through (p99 ${ms(calm.p99Ms)} without, ${ms(worst.p99Ms)} with them).`,
  )
}

function figuresOf({ costs, levels, victim }: Observation): AttackCost {
  return {
    perForged: costs.map(({ kind, requests, calls, billed, messages, workMs, cpuMs }) => {
      return { kind, requests, carrierCalls: calls.length, billedCalls: billed, messages, workMs, cpuMs }
    }),
    honest: levels.map(({ tookMs, ...level }) => ({ ...level, goodputPerSecond: (level.granted * 1000) / Math.max(1, tookMs) })),
    victim: {
      state: !victim.before ? 'unknown' : victim.after ? 'none' : 'locked-out',
      tries: victim.tries,
      lockedForMs: victim.lockedForMs,
      text: victim.before
        ? 'failures by password in the victim’s name; the victim then logs in by the own phone'
        : 'the victim could not log in beforehand',
    },
  }
}

function perRequest(cost: Cost | undefined): string {
  return cost === undefined ? '0' : (cost.calls.length / Math.max(1, cost.requests)).toFixed(2)
}

function ms(value: number | null): string {
  return value === null ? 'unknown' : `${Math.round(value)} ms`
}

/** One kind of forgery, one request after the other. */
async function costOf(lab: Lab, kind: Kind, from: Tamper): Promise<Cost> {
  const sent: { exchange: Exchange; token: string; number: string }[] = []
  const ready = []
  for (let i = 0; i < REQUESTS; i++) ready.push(await readied(lab, kind, from))
  const cpuBefore = lab.targetCpuMs()
  for (const one of ready) sent.push({ exchange: await one.send(), token: one.token, number: one.number })
  const cpuAfter = lab.targetCpuMs()
  const rows = await lab.carrierCalls(sent.map(({ token }) => token).filter(token => token !== ''))
  let messages = 0
  if (kind === 'code to a stranger’s number') for (const { number } of sent) messages += (await lab.messages(number)).length
  return {
    kind,
    requests: sent.length,
    granted: sent.filter(({ exchange }) => exchange.reading.kind === 'granted').length,
    calls: rows.map(({ seq }) => seq),
    billed: rows.filter(({ billed }) => billed).length,
    messages,
    workMs: median(sent.map(({ exchange }) => exchange.durationMs)),
    cpuMs: cpuBefore === undefined || cpuAfter === undefined ? null : (cpuAfter - cpuBefore) / sent.length,
    exchanges: sent.map(({ exchange }) => exchange.id),
  }
}

async function forge(lab: Lab, kind: Kind, from: Tamper): Promise<Exchange> {
  return (await readied(lab, kind, from)).send()
}

async function readied(
  lab: Lab,
  kind: Kind,
  from: Tamper,
): Promise<{ token: string; number: string; send: () => Promise<Exchange> }> {
  const phone = await lab.handset()
  const number = phone.sim.msisdn
  if (kind === 'code to a stranger’s number')
    return { token: '', number, send: () => lab.send('smsSend', { number, purpose: 'login' }, from) }
  const issued = await phone.authorize()
  const token = lookalike(lab.rng, issued.token)
  const input = { ...loginWith(issued, await nonceFor(lab, kind)), token }
  return { token, number, send: () => lab.send('oneTap', input, from) }
}

async function nonceFor(lab: Lab, kind: Kind): Promise<string | undefined> {
  if (kind === 'invented token, no nonce') return undefined
  const nonce = await lab.nonce()
  return kind === 'invented token, own nonce' || nonce === undefined ? nonce : lookalike(lab.rng, nonce)
}

/** Failures in a victim's name by whoever knows the number; then the victim's own phone. */
async function victimOf(lab: Lab, from: Tamper): Promise<Observation['victim']> {
  const phone = await lab.handset()
  const before = (await signIn(lab, phone)).account !== null
  if (!lab.has('passwordLogin')) return { tries: 0, before, after: before, lockedForMs: 0 }
  const identifier = phone.sim.msisdn
  for (let i = 0; i < VICTIM_TRIES; i++) await lab.send('passwordLogin', { identifier, password: newPassword(lab) }, from)
  const fromMs = lab.elapsedMs()
  const first = (await signIn(lab, phone)).account !== null
  if (first) return { tries: VICTIM_TRIES, before, after: true, lockedForMs: 0 }
  const later = await lab.eventually(async () => (await signIn(lab, phone)).account !== null, VICTIM_WAITS_MS)
  return { tries: VICTIM_TRIES, before, after: false, lockedForMs: later ? Math.round(lab.elapsedMs() - fromMs) : null }
}
