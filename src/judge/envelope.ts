import type { Result } from '../contract/result.ts'

/** What a load at one rate showed: the budgets hold, they do not, or it cannot be told. */
export type Held = 'holds' | 'fails' | 'open'

export interface EnvelopeSearch {
  /** Where to begin: the last envelope, or the plan's own rate. */
  startPerSecond: number
  leastPerSecond: number
  mostPerSecond: number
  /** The search ends when the highest rate that held and the lowest that did not are within this share of each other. */
  precision: number
  /** Probes that must agree before a rate counts; the first that differs asks for one more, and the majority counts. */
  confirmations: number
}

export interface Probe {
  ratePerSecond: number
  held: Held
}

/** What was found. `heldPerSecond` is the envelope; a bound that was not found is null. */
export interface Envelope {
  heldPerSecond: number | null
  failedPerSecond: number | null
  /** `bracketed`: between the two; `ceiling`: held up to the highest rate allowed; `floor`: failed at the lowest; `open`: the evidence ran out. */
  outcome: 'bracketed' | 'ceiling' | 'floor' | 'open'
  probes: Probe[]
}

/** How much wider each step of the bracket is than the one before. */
const STEP = 1.5

/**
 * The highest offered rate at which the budgets hold: a bracket by steps from where to begin, then halving it on the logarithmic scale. A rate
 * counts when enough probes agree; an open probe is tried once more and then ends the search, since what cannot be told is no bound.
 */
export async function searchEnvelope(search: EnvelopeSearch, probe: (ratePerSecond: number) => Promise<Held>): Promise<Envelope> {
  const probes: Probe[] = []
  const once = async (ratePerSecond: number): Promise<Held> => {
    const held = await probe(ratePerSecond)
    probes.push({ ratePerSecond, held })
    return held
  }
  const at = (ratePerSecond: number): Promise<Held> => confirmed(search.confirmations, () => once(ratePerSecond))
  let low: number | null = null
  let high: number | null = null
  let rate = clamp(search.startPerSecond, search)
  const found = (outcome: Envelope['outcome']): Envelope => ({ heldPerSecond: low, failedPerSecond: high, outcome, probes })
  for (;;) {
    const held = await at(rate)
    if (held === 'open') return found('open')
    if (held === 'holds') low = rate
    else high = rate
    if (low !== null && high !== null && high / low <= 1 + search.precision) return found('bracketed')
    if (high === null && rate >= search.mostPerSecond) return found('ceiling')
    if (low === null && rate <= search.leastPerSecond) return found('floor')
    rate = rounded(next(low, high, search))
    // Rates are whole to a tenth: there is none left between the two.
    if (rate === low || rate === high) return found('bracketed')
  }
}

function next(low: number | null, high: number | null, search: EnvelopeSearch): number {
  if (low === null) return clamp((high ?? search.startPerSecond) / STEP, search)
  return high === null ? clamp(low * STEP, search) : Math.sqrt(low * high)
}

function clamp(rate: number, { leastPerSecond, mostPerSecond }: EnvelopeSearch): number {
  return Math.min(mostPerSecond, Math.max(leastPerSecond, rate))
}

function rounded(rate: number): number {
  return Math.round(rate * 10) / 10
}

async function confirmed(times: number, once: () => Promise<Held>): Promise<Held> {
  let holds = 0
  let fails = 0
  let open = 0
  const needed = Math.floor(times / 2) + 1
  while (Math.max(holds, fails) < (holds > 0 && fails > 0 ? needed : times)) {
    const held = await once()
    if (held === 'holds') holds++
    else if (held === 'fails') fails++
    else if (++open > 1) return 'open'
  }
  return holds > fails ? 'holds' : 'fails'
}

/** What cannot be the generator's fault while it had time to spare: the target fell so far behind that users ran out. */
const OVERLOAD_SIGNS: readonly string[] = [
  'dropped-arrivals',
  'achieved-rate',
  'completed-visits',
  'transport-errors',
  'exchanges-granted',
]

/**
 * Reads a probe's result. Budgets on valid evidence decide; where the only thing wrong with the evidence is that visits piled up while
 * the generator, the mocks and the clock were in order, the target could not take the rate.
 */
export function heldBy(result: Pick<Result, 'validity' | 'gates' | 'ended'>): Held {
  if (result.ended !== 'finished') return 'open'
  const gates = result.gates.filter(gate => gate.unit !== 'attacks')
  if (gates.some(gate => gate.outcome === 'fail')) return 'fails'
  const wrong = result.validity.checks.filter(check => check.outcome === 'inconclusive').map(check => check.id)
  if (wrong.length > 0) return wrong.every(id => OVERLOAD_SIGNS.includes(id)) ? 'fails' : 'open'
  return gates.length > 0 && gates.every(gate => gate.outcome === 'pass') ? 'holds' : 'open'
}
