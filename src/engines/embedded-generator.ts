import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { LoadJob } from '../contract/engine.ts'
import { latencyTable } from '../contract/latency.ts'
import { type OpenShape, ratePerSecondAt } from '../contract/shape.ts'
import { sourceAt } from '../lab/source-address.ts'
import { type ArrivalBell, arrivalBell } from './arrival-bell.ts'
import { Arrivals, type Segment, shareOf } from './arrivals.ts'
import { Connections } from './connections.ts'
import { Crowd } from './crowd.ts'
import type { GeneratorEnding, GeneratorOrder, GeneratorTick } from './embedded-messages.ts'
import { EmbeddedVisit, type VisitGround } from './embedded-visit.ts'
import { ExactSamples } from './exact-samples.ts'
import { expectedUsers } from './expected-users.ts'
import { HistogramBuilder } from './histogram-builder.ts'
import { LoadRecorder } from './load-recorder.ts'
import { loadTiming } from './load-timing.ts'
import { RequestDeadlines } from './request-deadlines.ts'
import type { UserModules } from './user-modules.ts'

/** A part of the load: warm-up or measured. */
interface Phase {
  measured: boolean
  /** On the clock of `performance.now()`. */
  startMs: number
  endMs: number
}

/** So many visits of a closed-loop user in a row that sent nothing, and the user gives up instead of spinning. */
const MOST_FRUITLESS = 10

/**
 * One process's share of an embedded load. Open: each arrival begins when it is due, whatever became of those before; one that
 * finds all users busy is counted as dropped, as k6 does. Closed: each user begins its next visit when one has ended.
 */
export class EmbeddedGenerator {
  private readonly job: LoadJob
  private readonly segment: Segment
  private readonly mostUsers: number
  private readonly exact = new ExactSamples()
  private readonly recorder = new LoadRecorder(this.exact)
  private readonly lateness = new HistogramBuilder()
  private readonly loopDelay = monitorEventLoopDelay({ resolution: 10 })
  private readonly ground: VisitGround
  private readonly bell: ArrivalBell
  private readonly phases: Phase[]
  private queue: { phase: Phase; arrivals: Arrivals } | undefined
  private due: { number: number; atMs: number } | undefined
  private latenessMaxMs = 0
  private iterations = 0
  private dropped = 0
  private underWay = 0
  private mostUnderWay = 0
  private closedVisits = { warmUp: 0, measured: 0 }
  private stopped = false
  private idle: () => void = () => undefined

  /** `startMs`: when the load's clock starts, on that of `performance.now()`. */
  constructor(order: GeneratorOrder, modules: UserModules, startMs: number) {
    const { job, segment, ownAddresses } = order
    const { plan } = job
    const { latency, faults } = job.carriers
    const timing = loadTiming(plan)
    this.job = job
    this.segment = segment
    this.mostUsers = shareOf(plan.shape.kind === 'closed' ? plan.shape.users : plan.maxUsers, segment)
    const measuredFromMs = startMs + timing.measuredAtMs
    this.phases = [
      { measured: false, startMs, endMs: startMs + timing.warmUpMs },
      { measured: true, startMs: measuredFromMs, endMs: measuredFromMs + plan.shape.durationMs },
    ]
    this.ground = {
      crowd: new Crowd(job, modules, this.recorder, measuredFromMs),
      connections: new Connections({
        origin: new URL(job.baseUrl).origin,
        connectTimeoutMs: plan.requestTimeoutMs,
        atLeast: shareOf(expectedUsers({ ...plan, outlastStallMs: 0 }, latencyTable(latency, job.seed), faults), segment),
        sourceOf: ownAddresses ? n => sourceAt(segment.index + n * segment.of) : undefined,
      }),
      deadlines: new RequestDeadlines(plan.requestTimeoutMs),
    }
    this.bell = arrivalBell(() => this.offer())
  }

  /** Resolves when the last visit has ended, or has had the time a visit may take. */
  async run(): Promise<GeneratorEnding> {
    for (const phase of this.phases) {
      if (phase.endMs <= phase.startMs) continue
      if (phase.measured) this.loopDelay.enable()
      if (this.job.plan.shape.kind === 'closed') await this.runClosed(phase)
      else await this.runOpen(phase, this.job.plan.shape)
    }
    await this.untilIdle(performance.now() + loadTiming(this.job.plan).gracefulStopMs)
    this.loopDelay.disable()
    const ending = this.ending()
    await this.bell.close()
    this.ground.deadlines.close()
    this.ground.connections.close()
    return ending
  }

  /** No visit begins any more. */
  stop(): void {
    this.stopped = true
    this.due = undefined
    this.wakeUp()
  }

  tick(): GeneratorTick {
    const { attempted, completed, transport, threw, failed, requests } = this.recorder
    const { user, system } = process.cpuUsage()
    return {
      attempted,
      completed,
      dropped: this.dropped,
      transport,
      threw,
      failed,
      requests,
      iterations: this.iterations,
      cpuSeconds: (user + system) / 1e6,
      slices: this.recorder.drain(),
    }
  }

  private wakeUp: () => void = () => undefined

  private async runOpen(phase: Phase, shape: OpenShape): Promise<void> {
    const durationMs = phase.endMs - phase.startMs
    const offered: OpenShape = phase.measured
      ? shape
      : { kind: 'constant-arrival-rate', ratePerSecond: openingRate(shape), durationMs }
    const arrivals = new Arrivals(offered, this.segment)
    this.queue = { phase, arrivals }
    this.due = arrivals.next()
    await this.until(phase.endMs, () => {
      if (this.due !== undefined) this.bell.at(phase.startMs + this.due.atMs)
    })
    // A stop, or an end that a late process woke for before its last arrivals: those still owed are begun, late as they are.
    if (!this.stopped) this.offer()
    this.queue = undefined
  }

  /** Begins every arrival that is due and has itself woken for the next. */
  private offer(): void {
    const { queue } = this
    if (queue === undefined) return
    const { phase, arrivals } = queue
    while (this.due !== undefined && !this.stopped) {
      const dueMs = phase.startMs + this.due.atMs
      const lateMs = performance.now() - dueMs
      if (lateMs < 0) {
        this.bell.at(dueMs)
        return
      }
      this.arrive(this.due.number, phase, dueMs, lateMs)
      this.due = arrivals.next()
    }
  }

  private arrive(number: number, phase: Phase, dueMs: number, lateMs: number): void {
    if (this.underWay >= this.mostUsers) {
      if (phase.measured) this.dropped++
      return
    }
    if (phase.measured) {
      this.lateness.add(lateMs)
      this.latenessMaxMs = Math.max(this.latenessMaxMs, lateMs)
    }
    this.begin(number, phase.measured, dueMs, () => undefined)
  }

  private async runClosed(phase: Phase): Promise<void> {
    await this.until(phase.startMs, () => undefined)
    for (let user = 0; user < this.mostUsers; user++) this.visitInTurn(phase, 0)
    await this.until(phase.endMs, () => undefined)
  }

  private visitInTurn(phase: Phase, fruitless: number): void {
    if (this.stopped || performance.now() >= phase.endMs || fruitless >= MOST_FRUITLESS) return
    const turn = phase.measured ? this.closedVisits.measured++ : this.closedVisits.warmUp++
    const number = this.segment.index + turn * this.segment.of
    this.begin(number, phase.measured, performance.now(), sent => {
      // In a turn of its own: a visit that ends at once would else call itself until the stack ends.
      setImmediate(() => this.visitInTurn(phase, sent ? 0 : fruitless + 1))
    })
  }

  private begin(number: number, measured: boolean, dueMs: number, ended: (sent: boolean) => void): void {
    this.iterations++
    this.underWay++
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    const visit = new EmbeddedVisit(this.ground, this.ground.crowd.beginAt(number, measured), dueMs, sent => {
      this.underWay--
      if (this.underWay === 0) this.idle()
      ended(sent)
    })
    visit.start()
  }

  /** Waits until this moment, or a stop. */
  private async until(moment: number, begin: () => void): Promise<void> {
    if (this.stopped) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, Math.max(0, moment - performance.now()))
    this.wakeUp = resolve
    begin()
    await promise
    clearTimeout(timer)
  }

  private async untilIdle(latestMs: number): Promise<void> {
    if (this.underWay === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.idle = resolve
    const timer = setTimeout(resolve, Math.max(0, latestMs - performance.now()))
    await promise
    clearTimeout(timer)
  }

  private ending(): GeneratorEnding {
    const exact = this.recorder.totals().flatMap(({ series, outcome }) => {
      const figures = this.exact.figures(`${series} ${outcome}`)
      return figures === undefined ? [] : [{ series, outcome, figures }]
    })
    return {
      mostUsers: this.mostUnderWay,
      connections: this.ground.connections.count,
      lateness: this.lateness.build(),
      latenessMaxMs: this.latenessMaxMs,
      // Nanoseconds; the monitor's own 10 ms between two looks are no delay. NaN when it never looked.
      loopDelayP99Ms: Math.max(0, this.loopDelay.percentile(99) / 1e6 - 10) || 0,
      notGranted: this.recorder.notGranted,
      exact,
    }
  }
}

/** The warm-up is at the rate the measured part begins with. */
function openingRate(shape: OpenShape): number {
  return Math.max(1, ratePerSecondAt(shape, 0))
}
