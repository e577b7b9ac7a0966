import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange, Handset, Lab, RaceResult, Tamper, TranscriptEntry } from '../contract/attack.ts'
import type { JournalRow, MocksReady } from '../contract/journal.ts'
import { seededRng } from '../contract/rng.ts'
import type { NonceInput, OneTapInput, OperationId, OperationInputs, TargetProfile } from '../contract/target.ts'
import type { OutputLog } from '../world/output-log.ts'
import { layBait } from './bait.ts'
import { carrierBehaviour } from './carrier-behaviour.ts'
import { createControlPlane } from './control-plane.ts'
import { nodeCryptoPort } from './crypto-port.ts'
import { createHandsetShop } from './handset.ts'
import { openJournals } from './journals.ts'
import { moveNumber } from './life.ts'
import { probePossession } from './possession.ts'
import { providerViews } from './providers.ts'
import { publishedKeys } from './public-keys.ts'
import { type RaceWire, releaseTogether } from './race.ts'
import { openDialer } from './raw-connection.ts'
import { freshSource } from './source-address.ts'
import { createTargetClient, STOPPED, type TargetClient } from './target-client.ts'
import { TargetTrouble } from './trouble.ts'

export interface LabOptions {
  runId: string
  /** The mocks' seed. Same seed and label, same forged tokens, mutations and order of carriers. */
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
  /** Other attacks run at the same time: the journal then never falls silent, and is read by its own tokens' silence. */
  shared?: boolean
  /** What the target writes, when the harness started it. */
  targetLog?: OutputLog | undefined
  /** Honest load beside the attack. */
  background?: Lab['background']
  /** Before the target's nonce store, when the harness stands there. */
  nonceStore?: Lab['nonceStore']
  /** CPU time of the target's process, milliseconds. */
  targetCpuMs?: Lab['targetCpuMs']
  /** Epoch milliseconds; the wall clock unless told. */
  now?: () => number
  /** Once aborted, the attack ends at its next request or wait, without a verdict. */
  halt?: AbortSignal | undefined
}

/** A lab and what it kept. */
export interface LabSession {
  lab: Lab
  transcript(): TranscriptEntry[]
  journal(): JournalRow[]
  requests(): number
  /** Sets back what the attack changed for everybody. */
  restore(): Promise<void>
  close(): Promise<void>
}

/** One attack's lab: own numbers, own stream of chance, own transcript. Throws HarnessError when the mocks do not answer. */
export async function createLab(options: LabOptions): Promise<LabSession> {
  const rng = seededRng(options.seed).fork(options.label ?? 'lab')
  const now = options.now ?? Date.now
  const control = createControlPlane(options.mocks)
  const { mocks, seed } = options
  const shop = createHandsetShop({ mocks, control, rng: rng.fork('carriers'), seed, now })
  const journals = await openJournals(control, { settleMs: options.journalSettleMs ?? 60, shared: options.shared ?? false })
  const client = openClient(options, now, await freshSource(options.baseUrl))
  const dialer = openDialer(client, options.requestTimeoutMs)
  const behaviour = carrierBehaviour(control)
  const providers = providerViews(control, mocks.providers, now())
  const baits: { close(): Promise<void> }[] = []
  const logFrom = options.targetLog?.mark() ?? 0
  const has: Lab['has'] = op => options.target.operations[op] !== undefined
  const nonce: Lab['nonce'] = input => (has('nonce') ? fetchNonce(client, input ?? {}) : Promise.resolve(undefined))

  const { http2PriorKnowledge = false } = options.target.traits ?? {}
  const openedAt = performance.now()
  const wire: RaceWire = { timeoutMs: options.requestTimeoutMs, http2PriorKnowledge }

  const lab: Lab = {
    rng,
    has,
    handset: carrier => shop.fresh(carrier),
    nonce,
    send: (op, input, tamper) => client.send(op, input, { tamper }),
    oneTap: input => client.send('oneTap', input),
    async login(handset) {
      const fresh = await nonce()
      return client.send('oneTap', await honestInput(handset, fresh))
    },
    me: input => client.send('me', input),
    logout: input => client.send('logout', input),
    rebind: notice => client.send('rebind', { notice }),
    possess: exchange => probePossession(client, exchange),
    race: (op, inputs, tamper) => race(client, op, inputs, wire, tamper),
    publicKeys: () => publishedKeys(options.baseUrl, options.target),
    dial: dialer.dial,
    elsewhere: () => freshSource(options.baseUrl),
    textOf: exchange => textOf(client, exchange),
    carrierCalls: tokens => journals.calls(tokens),
    life: (kind, handset, toCarrier) => moveNumber(control, shop, kind, handset, toCarrier),
    carriersBehave: change => behaviour.set(change),
    messages: number => providers.messages(number),
    identityProviders: providers.identityProviders,
    providerCredential: (provider, user, app = 'target') => providers.credential(provider, user, app),
    async bait(body = '{}') {
      const laid = await layBait(body)
      baits.push(laid)
      return laid
    },
    targetLog: () => options.targetLog?.since(logFrom),
    targetCpuMs: () => options.targetCpuMs?.(),
    ...(options.background === undefined ? {} : { background: options.background }),
    ...(options.nonceStore === undefined ? {} : { nonceStore: options.nonceStore }),
    eventually: (check, withinMs) => eventually(check, withinMs, options.halt),
    elapsedMs: () => performance.now() - openedAt,
    limits: options.limits,
    traits: options.target.traits ?? {},
    jwtSecret: options.vars.jwtSecret,
    providers: mocks.providers.map(({ provider }) => provider),
  }
  return {
    lab,
    transcript: () => client.transcript(),
    journal: () => journals.seen(),
    requests: () => client.requests(),
    restore: async () => {
      await options.nonceStore?.('up')
      await behaviour.restore()
    },
    close: async () => {
      dialer.close()
      await Promise.all([client.close(), ...baits.map(bait => bait.close())])
    },
  }
}

function openClient(options: LabOptions, now: () => number, from: string | undefined): TargetClient {
  const { raceWidth } = options.limits
  const raceRounds = mostRounds(options.limits)
  return createTargetClient({
    baseUrl: options.baseUrl,
    target: options.target,
    from,
    vars: options.vars,
    http2: options.target.traits?.http2PriorKnowledge ?? false,
    context: { crypto: nodeCryptoPort },
    now,
    requestTimeoutMs: options.requestTimeoutMs,
    maxRequests: options.maxRequests ?? 6_000 + 20 * raceRounds * raceWidth,
    deadlineMs: options.deadlineMs ?? 120_000 + 4_000 * raceRounds,
    halt: options.halt,
  })
}

/** A bound asked for may take more rounds than were asked for by number. */
function mostRounds({ raceRounds, raceBelow }: Lab['limits']): number {
  return raceBelow === undefined ? raceRounds : Math.max(raceRounds, Math.ceil(Math.log(0.05) / Math.log(1 - raceBelow)))
}

function textOf(client: TargetClient, { id }: Exchange): string {
  const reply = client.replyOf(id)
  if (reply === undefined) return ''
  const headers = Object.entries(reply.headers).map(([name, value]) => `${name}: ${value}`)
  return [...headers, '', reply.body].join('\n')
}

async function honestInput(handset: Handset, nonce: string | undefined): Promise<OneTapInput> {
  const { carrier, appId, token, authCode } = await handset.authorize()
  return { carrier, appId, token, nonce, ...(authCode === undefined ? {} : { authCode }) }
}

const NONCE_TRIES = 3
const NONCE_PAUSE_MS = 200

/** A strict limiter or an honest 503 may say no for a moment: asked thrice, then it is trouble. */
async function fetchNonce(client: TargetClient, input: NonceInput): Promise<string> {
  let said = ''
  for (let tries = 0; tries < NONCE_TRIES; tries++) {
    if (tries > 0) await sleep(NONCE_PAUSE_MS)
    const { reading, status } = await client.send('nonce', input)
    if (reading.kind === 'granted' && reading.nonce !== undefined) return reading.nonce
    said = reading.kind === 'failed' ? reading.reason : `status ${status}, ${reading.kind}`
  }
  throw new TargetTrouble(`the target gave no nonce (${said})`)
}

async function race<Op extends OperationId>(
  client: TargetClient,
  op: Op,
  inputs: readonly OperationInputs[Op][],
  wire: RaceWire,
  tamper?: Tamper,
): Promise<RaceResult> {
  const requests = inputs.map(input => client.prepare(op, input, tamper))
  const { replies, ...measured } = await releaseTogether(requests, wire)
  const exchanges: Exchange[] = []
  for (const [position, request] of requests.entries()) {
    const reply = replies[position]
    if (reply !== undefined) exchanges.push(client.book(op, request, reply.outcome, reply.durationMs))
  }
  return { exchanges, ...measured }
}

const EVENTUALLY_POLL_MS = 50

async function eventually(check: () => Promise<boolean>, withinMs: number, halt?: AbortSignal): Promise<boolean> {
  const until = performance.now() + withinMs
  while (!(await check())) {
    if (halt?.aborted === true) throw new TargetTrouble(STOPPED)
    if (performance.now() >= until) return false
    await sleep(EVENTUALLY_POLL_MS)
  }
  return true
}
