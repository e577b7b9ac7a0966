import type { LoadJob } from '../contract/engine.ts'
import type { Flow, Scenario, TargetStep, Visit } from '../contract/flow.ts'
import { drawLatencyUs, type LatencyTable, latencyTable } from '../contract/latency.ts'
import type { PhoneStep } from '../contract/phone.ts'
import { addedSeries } from '../contract/series.ts'
import { OPERATION_IDS, type OperationContext, type Reading, type Reply, type TargetProfile } from '../contract/target.ts'
import { doomReader, exchangeTokenIndex, stepOutcome, VISIT_SPAN, visitMaker } from '../contract/visit.ts'
import { nodeCryptoPort } from '../lab/crypto-port.ts'
import { operationOf } from '../lab/wire-request.ts'
import { now } from '../world/clock.ts'
import type { LoadRecorder } from './load-recorder.ts'
import { type PhoneLine, phoneLine } from './phone-line.ts'
import { type LoadRequest, prepareRequests, type RequestBuilder } from './prepared-requests.ts'

/** A visit under way. */
export interface BegunVisit {
  visit: Visit
  flow: Flow
  /** False during warm-up: it leaves no trace in the figures. */
  measured: boolean
}

/**
 * What the users of an in-process load share: whose turn it is, how requests are built and replies read, and where it is written
 * down. The same series and outcomes as the driver inside k6 (scenarios/k6/driver.ts); keep the two alike.
 */
export class Crowd {
  readonly recorder: LoadRecorder
  /** Asks the user's own phone. */
  readonly phone: PhoneLine
  private readonly job: LoadJob
  private readonly scenario: Scenario
  private readonly target: TargetProfile
  private readonly measureFromMs: number
  private readonly visitAt: (index: number, nowMs: number) => Visit
  private readonly table: LatencyTable
  private readonly doomed: (visit: Visit) => boolean
  private readonly context: OperationContext
  private readonly build: RequestBuilder
  /** No visit begins any more; see close(). */
  isClosed = false
  private measuredVisits = 0
  private warmUpVisits = 0

  /** `measureFromMs` on the clock of `performance.now()`. */
  constructor(
    job: LoadJob,
    modules: { scenario: Scenario; target: TargetProfile },
    recorder: LoadRecorder,
    measureFromMs: number,
  ) {
    this.job = job
    this.scenario = modules.scenario
    this.target = modules.target
    this.recorder = recorder
    this.phone = phoneLine(job.phone, job.plan.requestTimeoutMs)
    this.measureFromMs = measureFromMs
    const { providers, subscribers, latency, faults } = job.carriers
    const operations = OPERATION_IDS.filter(op => modules.target.operations[op] !== undefined)
    const { comers } = job.carriers
    this.visitAt = visitMaker({ seed: job.seed, subscribers, providers, operations, ...(comers === undefined ? {} : { comers }) })
    this.table = latencyTable(latency, job.seed)
    this.doomed = doomReader(faults, job.seed, modules.scenario.exchange)
    this.build = prepareRequests(modules.target, job.baseUrl)
    this.context = { vars: job.vars, crypto: nodeCryptoPort, nowMs: 0 }
  }

  /** No visit begins from now on; those under way go on to their end. */
  close(): void {
    this.isClosed = true
  }

  /** The next visit in order; undefined once closed. */
  begin(): BegunVisit | undefined {
    if (this.isClosed) return undefined
    const measured = performance.now() >= this.measureFromMs
    return this.beginAt(measured ? this.measuredVisits++ : this.warmUpVisits++, measured)
  }

  /** Visit number `count` among the measured ones, or among those of the warm-up. No number may be begun twice: its token is good for once. */
  beginAt(count: number, measured: boolean): BegunVisit {
    const index = this.job.firstIndex + (measured ? count : VISIT_SPAN.warmUp + count)
    if (measured) this.recorder.attempted++
    const visit = this.visitAt(index, now())
    return { visit, measured, flow: this.scenario.flow(visit) }
  }

  /** Of the target only: the phone's requests go elsewhere. */
  request(step: TargetStep): LoadRequest {
    this.context.nowMs = now()
    return this.build(step, this.context)
  }

  /** A reader that throws has not understood the reply. */
  read(step: TargetStep, reply: Reply): Reading {
    try {
      return operationOf(this.target, step.op)?.read(reply) ?? { kind: 'failed', reason: `no operation ${step.op}` }
    } catch (error) {
      return { kind: 'failed', reason: `reader threw: ${error}` }
    }
  }

  /** Whether the reply to this step let the visitor in. */
  letsIn(step: TargetStep, reading: Reading): boolean {
    return step.op === this.scenario.exchange && reading.kind === 'granted'
  }

  /** The visit is over. */
  end({ visit, measured }: BegunVisit, letIn: boolean): void {
    if (measured) this.recorder.end(visit.index - this.job.firstIndex, letIn)
  }

  recordPhone(step: PhoneStep, reading: Reading, ms: number): void {
    this.recorder.record(this.secondNow(), step.op, reading.kind, ms)
  }

  /** What a request that had to open a connection spent on it. */
  recordConnect(step: TargetStep, visit: Visit, reading: Reading, ms: number): void {
    const outcome = stepOutcome(reading, step.op === this.scenario.exchange && this.doomed(visit))
    this.recorder.record(this.secondNow(), 'connect', outcome, ms)
  }

  private secondNow(): number {
    return Math.floor((performance.now() - this.measureFromMs) / 1000)
  }

  record(step: TargetStep, visit: Visit, reading: Reading, ms: number): void {
    const exchange = step.op === this.scenario.exchange
    const hit = exchange && this.doomed(visit)
    const outcome = stepOutcome(reading, hit)
    const second = this.secondNow()
    this.recorder.record(second, step.op, outcome, ms)
    if (!exchange) return
    const spent = outcome === 'granted' && !hit ? exchangeTokenIndex(step.op, visit.index) : undefined
    const addedMs = spent === undefined ? undefined : ms - drawLatencyUs(this.table, spent, visit.issuedAtMs) / 1000
    if (addedMs !== undefined) this.recorder.record(second, 'backend_added', outcome, addedMs)
    if (this.job.byCarrier === true) this.recorder.record(second, addedSeries(visit.carrier), outcome, addedMs ?? ms)
  }
}
