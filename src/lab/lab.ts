import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange, Handset, Lab, TranscriptEntry } from '../contract/attack.ts'
import type { JournalRow, MocksReady } from '../contract/journal.ts'
import { seededRng } from '../contract/rng.ts'
import type { OneTapInput, TargetProfile } from '../contract/target.ts'
import { createControlPlane } from './control-plane.ts'
import { nodeCryptoPort } from './crypto-port.ts'
import { createHandsetShop } from './handset.ts'
import { openJournals } from './journals.ts'
import { moveNumber } from './life.ts'
import { probePossession } from './possession.ts'
import { releaseTogether } from './race.ts'
import { createTargetClient, type TargetClient } from './target-client.ts'
import { TargetTrouble } from './trouble.ts'

export interface LabOptions {
  runId: string
  /** Same seed and label, same forged tokens, mutations and order of carriers. */
  seed: number
  /** Target base URL without trailing slash. */
  baseUrl: string
  target: TargetProfile
  vars: Readonly<Record<string, string>>
  mocks: MocksReady
  limits: Lab['limits']
  requestTimeoutMs: number
  /** Usually the attack's id: forks the stream of chance. */
  label?: string
  /** Ceilings of one attack; by default 6,000 requests and two minutes, and more as races are wider and longer. */
  maxRequests?: number
  deadlineMs?: number
  /** How long the carrier journal must be silent to count as complete, milliseconds; default 60. */
  journalSettleMs?: number
  /** Epoch milliseconds; the wall clock unless told. */
  now?: () => number
}

/** A lab and what it kept. */
export interface LabSession {
  lab: Lab
  transcript(): TranscriptEntry[]
  journal(): JournalRow[]
  requests(): number
  close(): Promise<void>
}

/** One attack's lab: own numbers, own stream of chance, own transcript. Throws HarnessError when the mocks do not answer. */
export async function createLab(options: LabOptions): Promise<LabSession> {
  const rng = seededRng(options.seed).fork(options.label ?? 'lab')
  const control = createControlPlane(options.mocks)
  const shop = createHandsetShop(options.mocks, control, rng.fork('carriers'))
  const journals = await openJournals(control, options.journalSettleMs ?? 60)
  const client = createTargetClient({
    baseUrl: options.baseUrl,
    target: options.target,
    vars: options.vars,
    context: { crypto: nodeCryptoPort },
    now: options.now ?? Date.now,
    requestTimeoutMs: options.requestTimeoutMs,
    maxRequests: options.maxRequests ?? 6_000 + 20 * options.limits.raceRounds * options.limits.raceWidth,
    deadlineMs: options.deadlineMs ?? 120_000 + 4_000 * options.limits.raceRounds,
  })
  const has: Lab['has'] = op => options.target.operations[op] !== undefined
  const nonce = () => (has('nonce') ? fetchNonce(client) : Promise.resolve(undefined))

  const lab: Lab = {
    rng,
    has,
    handset: carrier => shop.fresh(carrier),
    nonce,
    oneTap: input => client.send('oneTap', input),
    async login(handset) {
      const fresh = await nonce()
      return client.send('oneTap', await honestInput(handset, fresh))
    },
    me: input => client.send('me', input),
    logout: input => client.send('logout', input),
    rebind: notice => client.send('rebind', { notice }),
    possess: exchange => probePossession(client, exchange),
    race: inputs => race(client, inputs, options.requestTimeoutMs),
    carrierCalls: tokens => journals.calls(tokens),
    life: (kind, handset, toCarrier) => moveNumber(control, shop, kind, handset, toCarrier),
    eventually,
    limits: options.limits,
  }
  return {
    lab,
    transcript: () => client.transcript(),
    journal: () => journals.seen(),
    requests: () => client.requests(),
    close: () => client.close(),
  }
}

async function honestInput(handset: Handset, nonce: string | undefined): Promise<OneTapInput> {
  const { carrier, appId, token, authCode } = await handset.authorize()
  return { carrier, appId, token, nonce, ...(authCode === undefined ? {} : { authCode }) }
}

const NONCE_TRIES = 3
const NONCE_PAUSE_MS = 200

/** A strict limiter or an honest 503 may say no for a moment: asked thrice, then it is trouble. */
async function fetchNonce(client: TargetClient): Promise<string> {
  let said = ''
  for (let tries = 0; tries < NONCE_TRIES; tries++) {
    if (tries > 0) await sleep(NONCE_PAUSE_MS)
    const { reading, status } = await client.send('nonce', {})
    if (reading.kind === 'granted' && reading.nonce !== undefined) return reading.nonce
    said = reading.kind === 'failed' ? reading.reason : `status ${status}, ${reading.kind}`
  }
  throw new TargetTrouble(`the target gave no nonce (${said})`)
}

async function race(client: TargetClient, inputs: readonly OneTapInput[], timeoutMs: number) {
  const requests = inputs.map(input => client.prepare('oneTap', input))
  const { replies, spreadMs } = await releaseTogether(requests, timeoutMs)
  const exchanges: Exchange[] = []
  for (const [position, request] of requests.entries()) {
    const reply = replies[position]
    if (reply !== undefined) exchanges.push(client.book('oneTap', request, reply.outcome, reply.durationMs))
  }
  return { exchanges, spreadMs }
}

const EVENTUALLY_POLL_MS = 50

async function eventually(check: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs
  while (!(await check())) {
    if (performance.now() >= until) return false
    await sleep(EVENTUALLY_POLL_MS)
  }
  return true
}
