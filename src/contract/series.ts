import { CARRIER_IDS, type CarrierId } from './carriers.ts'
import type { AddedSeries, SeriesName } from './engine.ts'
import { STEP_OUTCOMES, type StepOutcome } from './flow.ts'
import { exhaustive } from './json.ts'
import { PHONE_OPS } from './phone.ts'
import { OPERATION_IDS } from './target.ts'

/**
 * Names under which a load tool reports to the harness. Both ends read them from here: the driver inside k6 that records and
 * the receiver that reads. A series and outcome is one metric of its own, because a tag would cost k6 a look-up per sample.
 */
export const SERIES_NAMES: readonly SeriesName[] = [
  ...OPERATION_IDS,
  ...PHONE_OPS,
  'backend_added',
  'connect',
  'late',
  ...CARRIER_IDS.map(addedSeries),
]

/** The series of one carrier's exchanges. */
export function addedSeries(carrier: CarrierId): AddedSeries {
  switch (carrier) {
    case 'china-mobile':
      return 'added_china_mobile'
    case 'china-unicom':
      return 'added_china_unicom'
    case 'china-telecom':
      return 'added_china_telecom'
    default:
      return exhaustive(carrier)
  }
}

const OF_THE_TARGET: ReadonlySet<SeriesName> = new Set(OPERATION_IDS)

/** Whether a sample of the series is one request to the target. */
export function isTargetSeries(series: SeriesName): boolean {
  return OF_THE_TARGET.has(series)
}

export const COUNTERS = {
  attempted: 'ot_attempted',
  completed: 'ot_completed',
  /** Requests without any reply. */
  transport: 'ot_transport',
  /** Visits that ended in an exception of the scenario, the target module or the driver. */
  threw: 'ot_threw',
} as const
export type CounterName = keyof typeof COUNTERS

/** Epoch milliseconds of the first measured visit, as a gauge. */
export const STARTED_AT = 'ot_started_at_ms'

/** How a line of k6's log begins that names a visit whose login was not granted, and how many each user writes at most. */
export const NOT_GRANTED_MARK = 'not granted: visit '
export const NAMED_PER_USER = 20

/** Names of the two k6 scenarios. */
export const WARM_UP = 'warm_up'
export const MEASURED = 'measured'

/**
 * A metric holds the 8th power of milliseconds: k6 fixes the ratio of its native histograms at 2^(1/8), which is 2^(1/64) of
 * the root. 0.1 ms to 60 s stays between 1e-8 and 1.7e38, well inside a double.
 */
export const POWER = 8

export function seriesMetric(series: SeriesName, outcome: StepOutcome): string {
  return `ot_${series}_${outcome.replace('-', '_')}`
}

const BY_METRIC: ReadonlyMap<string, { series: SeriesName; outcome: StepOutcome }> = new Map(
  SERIES_NAMES.flatMap(series => STEP_OUTCOMES.map(outcome => [seriesMetric(series, outcome), { series, outcome }] as const)),
)

/** The series and outcome behind a metric's name; undefined for a metric that is none of ours. */
export function seriesOfMetric(name: string): { series: SeriesName; outcome: StepOutcome } | undefined {
  return BY_METRIC.get(name)
}
