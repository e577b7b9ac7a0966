import type { FastifyReply } from 'fastify'
import type { ArmedFault, FaultRule } from '../src/contract/fault.ts'
import { draws, faultName } from '../src/contract/fault.ts'
import type { JournalRow } from '../src/contract/journal.ts'
import type { ProviderId } from '../src/contract/providers.ts'
import { HANDSET_TOKEN_BASE, readToken, type TokenClaims } from '../src/contract/token.ts'
import type { BehaviourState } from './behaviour.ts'
import { type MockClock, preciseNowMs } from './clock.ts'
import type { Answer, Call, Dialect, Operation, Reading } from './dialect.ts'
import type { Journal } from './journal.ts'
import type { Memories, Memory } from './memory.ts'
import type { Pacemaker } from './pacemaker.ts'
import { RateWindow } from './rate-window.ts'
import { deliver, endWithout, send } from './send.ts'
import { type Struck, strike } from './strike.ts'

export interface CounterPorts {
  seed: number
  behaviour: BehaviourState
  journal: Journal
  pacemaker: Pacemaker
  clock: MockClock
  memories: Memories
}

/** Draws of calls without a token of ours count from here, clear of load's and handsets' indices. */
const UNKNOWN_DRAW_BASE = 0xf000_0000

/** A call that was read and has its row. */
interface Entry {
  reading: Reading
  claims: TokenClaims | undefined
  row: JournalRow
  drawIndex: number
  atMs: number
}

/** Takes calls one by one: reads, lets faults strike, settles, waits for the intended moment, answers, books. */
export class Counter implements Memory {
  readonly #provider: ProviderId
  readonly #ports: CounterPorts
  readonly #windows = new Map<string, RateWindow>()
  #unknownDraws = 0

  constructor(dialect: Dialect, ports: CounterPorts) {
    this.#provider = dialect.provider
    this.#ports = ports
    ports.memories.keep(`${dialect.provider}/draws`, this)
  }

  /** How many calls without a token of ours drew their faults and delays: the next one's draw follows from it. */
  snapshot(): number {
    return this.#unknownDraws
  }

  restore(kept: unknown): void {
    this.#unknownDraws = kept as number
  }

  /** Throttles let their rate through anew, too. */
  reset(): void {
    this.#unknownDraws = 0
    this.#windows.clear()
  }

  /** Whether no fault can strike, so that every answer is sent whole. */
  get isCalm(): boolean {
    return this.#ports.behaviour.current.faults.length === 0
  }

  /**
   * The books are settled on arrival and the answer waits ready, so work done here hides inside the intended delay, and of
   * two calls with one token the first to arrive wins, whatever their delays.
   */
  serve(operation: Operation, call: Call, arrivedAtMs: number, reply: FastifyReply): void {
    const entry = this.#enter(operation, call, arrivedAtMs)
    const { reading, claims, row, drawIndex, atMs } = entry
    const rules = drawn(this.#ports.behaviour.armed(this.#provider, row.operation), drawIndex, atMs)
    if (rules === undefined) {
      this.#answer(entry, reading.settle(claims), answer => {
        if (isGone(reply)) this.lost()
        send(reply, answer)
      })
      return
    }
    this.#misanswer(entry, this.#strike(rules, operation, call, reading, claims, arrivedAtMs), reply)
  }

  /** The same while it is calm; `send` is called once, at the intended moment. */
  serveWhole(operation: Operation, call: Call, arrivedAtMs: number, send: (answer: Answer) => void): void {
    const entry = this.#enter(operation, call, arrivedAtMs)
    this.#answer(entry, entry.reading.settle(entry.claims), send)
  }

  /** The caller of a call was gone when its answer was due. */
  lost(): void {
    this.#ports.journal.traffic.abandoned(this.#provider)
  }

  #enter(operation: Operation, call: Call, arrivedAtMs: number): Entry {
    const { behaviour, journal, seed } = this.#ports
    journal.arrived()
    const reading = operation.read(call)
    const claims = reading.token === '' ? undefined : readToken(seed, this.#provider, reading.token)
    const drawIndex = claims?.tokenIndex ?? (UNKNOWN_DRAW_BASE + (this.#unknownDraws++ & 0xfff_ffff)) >>> 0
    // A generator knows when it issued a load token, and nothing of when any call arrives.
    const atMs = claims !== undefined && claims.tokenIndex < HANDSET_TOKEN_BASE ? claims.issuedAtMs : arrivedAtMs
    const intendedUs = behaviour.delayUs(drawIndex, atMs)
    const row = this.#row(operation, reading, claims, arrivedAtMs, intendedUs)
    return { reading, claims, row, drawIndex, atMs }
  }

  #answer(entry: Entry, answer: Answer, send: (answer: Answer) => void): void {
    const { row } = entry
    book(row, answer)
    this.#ports.pacemaker.at(row.arrivedAtMs + row.intendedUs / 1000, () => {
      this.#record(entry, true) // before the reply leaves, so whoever has the reply finds the row
      send(answer)
    })
  }

  #strike(
    rules: readonly FaultRule[],
    operation: Operation,
    call: Call,
    reading: Reading,
    claims: TokenClaims | undefined,
    arrivedAtMs: number,
  ): Struck {
    const { clock } = this.#ports
    const settle = (whose: TokenClaims | undefined, skewMs?: number): Answer => {
      if (skewMs === undefined) return reading.settle(whose)
      // Read anew, because a time stamp may be checked while reading.
      const answer = clock.skewed(skewMs, () => operation.read(call).settle(whose))
      return { ...answer, headers: { ...answer.headers, date: new Date(clock.wallMs() + skewMs).toUTCString() } }
    }
    const passes = (rule: FaultRule, ratePerSecond: number): boolean => this.#window(rule).passes(ratePerSecond, arrivedAtMs)
    return strike(rules, { call, reading, claims, settle, passes })
  }

  #misanswer(entry: Entry, struck: Struck, reply: FastifyReply): void {
    const { row } = entry
    const [first, ...others] = struck.by
    if (first !== undefined) row.fault = first
    if (others.length > 0) row.otherFaults = others
    if (struck.kind === 'silent') {
      const { delivery } = struck
      const ended = (): void => {
        this.#record(entry, false)
        if (delivery.end === 'hold' && row.actualUs < delivery.holdMs * 1000 * PATIENT) this.lost()
      }
      if (delivery.end === 'hold') endWithout(reply, delivery, ended)
      else this.#ports.pacemaker.at(row.arrivedAtMs + row.intendedUs / 1000, () => endWithout(reply, delivery, ended))
      return
    }
    const { answer, delivery } = struck
    if (delivery.kind === 'whole') row.intendedUs += delivery.lateMs * 1000
    book(row, answer)
    this.#ports.pacemaker.at(row.arrivedAtMs + row.intendedUs / 1000, () => {
      this.#record(entry, true)
      if (isGone(reply)) this.lost()
      deliver(reply, answer, delivery)
    })
  }

  #record({ row, claims }: Entry, answered: boolean): void {
    row.actualUs = Math.round((preciseNowMs() - row.arrivedAtMs) * 1000)
    const index = claims?.tokenIndex ?? HANDSET_TOKEN_BASE
    this.#ports.journal.record(row, answered, index < HANDSET_TOKEN_BASE ? index : undefined)
  }

  #window(rule: FaultRule): RateWindow {
    const name = faultName(rule)
    const window = this.#windows.get(name) ?? new RateWindow()
    this.#windows.set(name, window)
    return window
  }

  #row(
    operation: Operation,
    reading: Reading,
    claims: TokenClaims | undefined,
    arrivedAtMs: number,
    intendedUs: number,
  ): JournalRow {
    const tokenKind = claims === undefined ? 'unknown' : claims.tokenIndex >= HANDSET_TOKEN_BASE ? 'handset' : 'load'
    return {
      seq: 0,
      arrivedAtMs,
      provider: this.#provider,
      ...(claims === undefined ? {} : { carrier: claims.carrier }),
      operation: reading.operation ?? operation.name,
      token: reading.token,
      tokenKind,
      appId: reading.appId,
      signature: reading.signature,
      httpStatus: 0,
      resultCode: '',
      redeemed: false,
      billed: false,
      intendedUs,
      actualUs: 0,
    }
  }
}

/** A connection held for so much of its time was not let go by its caller. */
const PATIENT = 0.99

function isGone(reply: FastifyReply): boolean {
  return reply.raw.destroyed || reply.raw.socket?.destroyed === true
}

/** The rules that draw a call; undefined when none does, which is nearly always. */
function drawn(armed: readonly ArmedFault[], drawIndex: number, atMs: number): FaultRule[] | undefined {
  let rules: FaultRule[] | undefined
  for (const fault of armed) {
    if (!draws(fault, drawIndex, atMs)) continue
    rules ??= []
    rules.push(fault.rule)
  }
  return rules
}

function book(row: JournalRow, answer: Answer): void {
  row.httpStatus = answer.httpStatus
  row.resultCode = answer.resultCode
  row.redeemed = answer.redeemed
  row.billed = answer.billed
}
