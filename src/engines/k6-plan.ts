import type { LoadJob } from '../contract/engine.ts'
import type { K6Job } from '../contract/k6-job.ts'
import { type LatencyTable, latencyTable } from '../contract/latency.ts'
import type { LoadPlan } from '../contract/plan.ts'
import { MEASURED, WARM_UP } from '../contract/series.ts'
import { ratePerSecondAt } from '../contract/shape.ts'
import { VISIT_SPAN } from '../contract/visit.ts'
import { expectedUsers } from './expected-users.ts'
import { loadTiming } from './load-timing.ts'

/** The job as k6 gets it: its constants, and the carrier's delay as a table. Pure. */
export function k6Plan(job: LoadJob): { constants: K6Job; latency: LatencyTable } {
  const latency = latencyTable(job.carriers.latency, job.seed)
  return {
    latency,
    constants: {
      options: k6Options(job, latency),
      baseUrl: job.baseUrl,
      vars: job.vars,
      source: {
        seed: job.seed,
        subscribers: job.carriers.subscribers,
        providers: job.carriers.providers.map(({ provider, appIds }) => ({ provider, appIds })),
        ...(job.carriers.comers === undefined ? {} : { comers: job.carriers.comers }),
      },
      firstIndex: job.firstIndex,
      firstWarmUpIndex: job.firstIndex + VISIT_SPAN.warmUp,
      requestTimeoutMs: job.plan.requestTimeoutMs,
      faults: job.carriers.faults,
      ...(job.plan.shape.kind === 'closed' ? {} : { arrivals: job.plan.shape }),
      ...(job.byCarrier === true ? { byCarrier: true } : {}),
      ...(job.phone === undefined ? {} : { phone: job.phone }),
      latencySalt: latency.salt,
      ...(latency.schedule === undefined ? {} : { latencySchedule: latency.schedule }),
    },
  }
}

function k6Options(job: LoadJob, latency: LatencyTable): Record<string, unknown> {
  const { plan } = job
  const timing = loadTiming(plan)
  const users = expectedUsers(plan, latency, job.carriers.faults)
  const tail = `${timing.measuredAtMs - timing.warmUpMs}ms`
  const warmUp = timing.warmUpMs === 0 ? {} : { [WARM_UP]: executor(plan, users, 'warmUp', timing.warmUpMs, 0, tail) }
  const graceful = `${timing.gracefulStopMs}ms`
  return {
    scenarios: {
      ...warmUp,
      [MEASURED]: executor(plan, users, 'measured', plan.shape.durationMs, timing.measuredAtMs, graceful),
    },
    // Every tag costs on every sample; this one tells dropped warm-up visits from dropped measured ones.
    systemTags: ['scenario'],
    // Never judged (it cannot fail): it makes k6 export the metric for this scenario alone.
    thresholds: { [`dropped_iterations{scenario:${MEASURED}}`]: ['count>=0'] },
    summaryTrendStats: ['min', 'max', 'p(50)', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'count'],
    maxRedirects: 0,
    // The driver gives each request an empty jar; a fresh one per visit as well would be wasted.
    noCookiesReset: true,
    userAgent: 'onetap',
  }
}

function executor(
  plan: LoadPlan,
  users: number,
  exec: string,
  durationMs: number,
  startMs: number,
  gracefulStop: string,
): object {
  const always = { exec, duration: `${durationMs}ms`, startTime: `${startMs}ms`, gracefulStop }
  const { shape } = plan
  if (shape.kind === 'closed') return { executor: 'constant-vus', vus: shape.users, ...always }
  const arrivals = {
    preAllocatedVUs: users,
    maxVUs: Math.max(users, plan.maxUsers),
    exec,
    gracefulStop,
    startTime: always.startTime,
  }
  // The warm-up is at the rate the measured part begins with.
  const opening = shape.kind === 'constant-arrival-rate' ? shape.ratePerSecond : Math.max(1, ratePerSecondAt(shape, 0))
  if (shape.kind === 'constant-arrival-rate' || exec === 'warmUp') {
    const { timeUnit, times } = timeUnitFor([opening])
    return { executor: 'constant-arrival-rate', rate: times(opening), timeUnit, ...arrivals, duration: always.duration }
  }
  const { timeUnit, times } = timeUnitFor([shape.fromPerSecond, ...shape.stages.map(stage => stage.toPerSecond)])
  return {
    executor: 'ramping-arrival-rate',
    startRate: times(shape.fromPerSecond),
    timeUnit,
    stages: shape.stages.map(stage => ({ target: times(stage.toPerSecond), duration: `${stage.durationMs}ms` })),
    ...arrivals,
  }
}

/** k6 takes whole rates only: 0.5 a second is 500 in 1000 seconds. */
function timeUnitFor(rates: readonly number[]): { timeUnit: string; times(perSecond: number): number } {
  return rates.every(Number.isInteger)
    ? { timeUnit: '1s', times: rate => rate }
    : { timeUnit: '1000s', times: rate => Math.round(rate * 1000) }
}
