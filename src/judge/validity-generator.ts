import type { LoadEvidence } from '../contract/engine.ts'
import { STEP_OUTCOMES } from '../contract/flow.ts'
import type { Plan } from '../contract/plan.ts'
import { isTargetSeries } from '../contract/series.ts'
import { plannedArrivals } from '../contract/shape.ts'
import { type Check, makeCheck, percent, skippedCheck } from './check.ts'
import { instanceChecks } from './validity-instances.ts'

/** How far the generator may be from what was asked of it before its figures are not judged. Shares. */
export const GENERATOR_LIMITS = {
  /** Arrivals begun or dropped against arrivals planned: the offered rate within 1 % of the plan. */
  arrivals: 0.01,
  /** Visits completed per second against the offered rate. */
  achieved: 0.02,
  /** CPU time over wall time and cores; above this the generator measures itself. */
  cpuShare: 0.8,
  /** A load of this length leaves time for two readings of its processor time, milliseconds: none then is a generator that is too busy to answer. */
  cpuKnownFromMs: 5000,
  /** Requests without any reply; above this the latencies are those of the survivors. */
  transportErrors: 0.01,
} as const

/** Was the load generator healthy? An open model's latency is truthful only while nothing was dropped. */
export function generatorChecks(load: LoadEvidence, plan: Plan): Check[] {
  return [
    makeCheck(
      'engine-ended',
      load.end.reason === 'finished',
      load.end.reason,
      'finished',
      'The engine came to its own end.',
      'The engine did not come to its own end.',
    ),
    makeCheck(
      'dropped-arrivals',
      load.dropped === 0,
      String(load.dropped),
      '0',
      'Every planned arrival was begun.',
      `Arrivals were dropped for want of users: the slowest moments are missing from the figures. Raise load.maxUsers (${plan.load?.maxUsers ?? load.generator.maxUsers} now), or lower the rate.`,
    ),
    makeCheck(
      'completed-visits',
      load.completed === load.attempted && load.attempted > 0,
      `${load.completed} of ${load.attempted}`,
      'all',
      'Every visit that was begun came to its end.',
      'Not every visit came to its end: a script error or a stop hides samples.',
    ),
    arrivalsAsPlanned(load, plan),
    achievedRate(load),
    cpu(load.generator.cpuShare, load.durationMs),
    transport(load),
    ...instanceChecks(load, plan),
  ]
}

function arrivalsAsPlanned(load: LoadEvidence, plan: Plan): Check {
  const planned = plan.load === null ? undefined : plannedArrivals(plan.load.shape)
  const limit = `within ${percent(GENERATOR_LIMITS.arrivals)} of the plan`
  if (planned === undefined)
    return skippedCheck('arrivals-planned', String(load.attempted), limit, 'A closed model plans no arrivals.')
  const offered = load.attempted + load.dropped
  const off = Math.abs(offered - planned)
  return makeCheck(
    'arrivals-planned',
    // k6 may begin one visit beside the count, which is more than 1 % of a very short load.
    planned > 0 && off <= Math.max(1, planned * GENERATOR_LIMITS.arrivals),
    `${offered} of ${planned}`,
    limit,
    'As many arrivals were offered as the plan asks.',
    'The generator did not offer the arrivals the plan asks.',
  )
}

function achievedRate(load: LoadEvidence): Check {
  const limit = `within ${percent(GENERATOR_LIMITS.achieved)} of the offered rate`
  const achieved = load.durationMs > 0 ? (load.completed * 1000) / load.durationMs : 0
  const observed = `${achieved.toFixed(1)}/s`
  if (load.engine.model === 'closed') {
    return skippedCheck('achieved-rate', observed, limit, 'A closed model offers no rate: each user waits for its answer.')
  }
  const offered = load.offeredPerSecond ?? 0
  return makeCheck(
    'achieved-rate',
    // The one visit that k6 may begin beside the count is no rate that was not kept.
    offered > 0 && Math.abs(achieved - offered) <= Math.max(offered * GENERATOR_LIMITS.achieved, 1001 / load.durationMs),
    `${observed} of ${offered.toFixed(1)}/s`,
    limit,
    'The offered rate was kept.',
    'The offered rate was not kept.',
  )
}

function cpu(share: number | null, durationMs: number): Check {
  const limit = `< ${percent(GENERATOR_LIMITS.cpuShare)}`
  if (share === null) {
    if (durationMs < GENERATOR_LIMITS.cpuKnownFromMs)
      return skippedCheck('generator-cpu', 'not known', limit, 'The load was too short to tell what the engine cost the machine.')
    const silent = 'The engine did not tell what it cost the machine: it may have run out of processor time.'
    return makeCheck('generator-cpu', false, 'not known', limit, '', silent)
  }
  return makeCheck(
    'generator-cpu',
    share < GENERATOR_LIMITS.cpuShare,
    percent(share),
    limit,
    'The generator had processor time to spare.',
    'The generator ran out of processor time: it measured itself. Lower the rate, free processors, or share the load among machines.',
  )
}

function transport(load: LoadEvidence): Check {
  let requests = 0
  for (const total of load.totals) {
    if (isTargetSeries(total.series) && STEP_OUTCOMES.includes(total.outcome)) requests += total.count
  }
  const share = requests === 0 ? 1 : load.transportErrors / requests
  return makeCheck(
    'transport-errors',
    share <= GENERATOR_LIMITS.transportErrors,
    requests === 0 ? 'no requests' : `${percent(share)} (${load.transportErrors})`,
    `<= ${percent(GENERATOR_LIMITS.transportErrors)}`,
    'Requests got replies.',
    'Too many requests got no reply at all: the latencies are those of the survivors.',
  )
}
