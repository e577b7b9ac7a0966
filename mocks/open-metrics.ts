import type { Histogram } from '../src/contract/histogram.ts'
import type { JournalTotals } from '../src/contract/journal.ts'

/** https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

export interface MetricsSource {
  totals: JournalTotals
  /** Calls that arrived and are not answered. */
  pending: number
  handset: { issued: number; redeemed: number; expired: number; live: number }
  faultsInForce: number
  version: string
  residentBytes: number
  heapUsedBytes: number
}

/** Upper bounds in seconds. */
const BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** The mocks' figures since the last reset as OpenMetrics text. Labels hold ids and result codes, never numbers or tokens. */
export function openMetrics(source: MetricsSource): string {
  const { totals, handset } = source
  const byResult = Object.entries(totals.byResult).map(([key, value]): [string, number] => {
    const slash = key.indexOf('/')
    return [labels({ provider: key.slice(0, slash), code: key.slice(slash + 1) }), value]
  })
  const faults = Object.entries(totals.faults).map(([fault, value]): [string, number] => [labels({ fault }), value])
  return [
    ...family('onetap_mocks', 'info', 'The mocks.', [[`_info${labels({ version: source.version })}`, 1]]),
    ...counter('onetap_mocks_calls', 'Calls that ended, by provider and result code.', byResult),
    ...counter('onetap_mocks_redeemed', 'Calls that gave a number out or confirmed it.', [['', totals.redeemed]]),
    ...counter('onetap_mocks_billed', 'Calls a provider would charge for.', [['', totals.billed]]),
    ...counter('onetap_mocks_faults', 'Calls a fault rule struck.', faults),
    ...counter('onetap_mocks_handset_tokens_issued', 'Tokens issued to handsets.', [['', handset.issued]]),
    ...counter('onetap_mocks_handset_tokens_redeemed', 'Tokens of handsets redeemed.', [['', handset.redeemed]]),
    ...counter('onetap_mocks_handset_tokens_expired', 'Tokens of handsets that grew too old.', [['', handset.expired]]),
    ...family('onetap_mocks_handset_tokens_live', 'gauge', 'Tokens of handsets that can be redeemed now.', [['', handset.live]]),
    ...family('onetap_mocks_calls_pending', 'gauge', 'Calls that arrived and are not answered.', [['', source.pending]]),
    ...family('onetap_mocks_fault_rules', 'gauge', 'Fault rules that were set.', [['', source.faultsInForce]]),
    ...family('onetap_mocks_resident_memory_bytes', 'gauge', 'Resident memory.', [['', source.residentBytes]], 'bytes'),
    ...family(
      'onetap_mocks_heap_used_bytes',
      'gauge',
      'JavaScript objects, dead ones included.',
      [['', source.heapUsedBytes]],
      'bytes',
    ),
    ...histogram('onetap_mocks_intended_delay_seconds', 'Delay the latency profile asked for.', totals.intendedMs),
    ...histogram('onetap_mocks_delay_error_seconds', 'Delay kept beyond the one asked for: the mocks’ own.', totals.delayErrorMs),
    '# EOF\n',
  ].join('\n')
}

type Sample = [suffix: string, value: number]

function family(name: string, type: string, help: string, samples: readonly Sample[], unit?: string): string[] {
  const head = [`# TYPE ${name} ${type}`, ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]), `# HELP ${name} ${help}`]
  return [...head, ...samples.map(([suffix, value]) => `${name}${suffix} ${value}`)]
}

function counter(name: string, help: string, samples: readonly Sample[]): string[] {
  return family(
    name,
    'counter',
    help,
    samples.map(([suffix, value]) => [`_total${suffix}`, value]),
  )
}

/** A bucket of the source that lies across a bound counts above it, so a share below a bound is never overstated. */
function histogram(name: string, help: string, { logBase, buckets, zeroCount, count, sum = 0 }: Histogram): string[] {
  const below = (seconds: number): number =>
    buckets.reduce(
      (total, [index, n]) => (Math.exp(logBase * index) <= seconds * 1000 * (1 + 1e-9) ? total + n : total),
      zeroCount,
    )
  const samples = BOUNDS.map((bound): Sample => [`_bucket${labels({ le: String(bound) })}`, below(bound)])
  const rest: Sample[] = [
    [`_bucket${labels({ le: '+Inf' })}`, count],
    ['_count', count],
    ['_sum', sum / 1000],
  ]
  return family(name, 'histogram', help, [...samples, ...rest], 'seconds')
}

function labels(values: Readonly<Record<string, string>>): string {
  const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return `{${Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`
}
