import { job, quantilesUs } from 'onetap:job'
import scenario from 'onetap:scenario'
import target from 'onetap:target'
import { scenario as running } from 'k6/execution'
import { CARRIER_IDS } from '../../src/contract/carriers.ts'
import { LATE_EVERY } from '../../src/contract/engine.ts'
import type { TargetStep, Visit } from '../../src/contract/flow.ts'
import { drawLatencyUs, type LatencyTable } from '../../src/contract/latency.ts'
import { isPhoneStep, PHONE_OPS, type PhoneStep } from '../../src/contract/phone.ts'
import { addedSeries, NAMED_PER_USER, NOT_GRANTED_MARK } from '../../src/contract/series.ts'
import { arrivalAtMs } from '../../src/contract/shape.ts'
import { OPERATION_IDS, type OperationContext, type OperationId, type Reading } from '../../src/contract/target.ts'
import { doomReader, exchangeTokenIndex, stepOutcome, visitMaker } from '../../src/contract/visit.ts'
import { cryptoPort } from './crypto-port.ts'
import { attempted, completed, recordMs, type SeriesTrends, seriesTrends, startedAt, threw, transport } from './metrics.ts'
import { prepareOperations, preparePhone } from './operations.ts'

/**
 * The only code that runs inside k6. k6 interprets it, so a line here costs throughput: everything that can be is prepared in
 * the harness or once per virtual user, nothing is copied, no text is walked through.
 */
export const options = job.options

const operations = prepareOperations(target.operations, job.baseUrl, job.requestTimeoutMs)
const has = OPERATION_IDS.filter(op => operations[op] !== undefined)
const visitAt = visitMaker({ ...job.source, operations: has })
const phone = job.phone === undefined ? undefined : preparePhone(job.phone, job.requestTimeoutMs)
const trends: Partial<Record<OperationId, SeriesTrends>> = Object.fromEntries(has.map(op => [op, seriesTrends(op)]))
const phoneTrends = new Map(phone === undefined ? [] : PHONE_OPS.map(op => [op, seriesTrends(op)]))
const added = seriesTrends('backend_added')
const connect = seriesTrends('connect')
const late = seriesTrends('late')
const byCarrier = new Map(job.byCarrier === true ? CARRIER_IDS.map(id => [id, seriesTrends(addedSeries(id))]) : [])
const { latencySchedule: schedule } = job
const latency: LatencyTable = { salt: job.latencySalt, quantilesUs, ...(schedule === undefined ? {} : { schedule }) }
const isDoomed = doomReader(job.faults, job.source.seed, scenario.exchange)
const context: OperationContext = { vars: readVars(), crypto: cryptoPort, nowMs: 0 }

const missing = scenario.needs.filter(op => !has.includes(op))
if (missing.length > 0) throw new Error(`scenario ${scenario.id} needs what the target lacks: ${missing.join(', ')}`)

/**
 * A value that is missing would be sent as nothing: better no test at all. Asked here and not while the script is read, because `k6
 * archive` and `k6 inspect` read it too and see no environment; the operator runs both first.
 */
export function setup(): void {
  const lacking = (job.varsFromEnvironment ?? []).filter(name => context.vars[name] === undefined)
  if (lacking.length > 0) throw new Error(`the environment lacks ${lacking.map(name => `ONETAP_VAR_${name}`).join(', ')}`)
}

/** In a cluster the values are no part of the script. */
function readVars(): Record<string, string> {
  const vars = { ...job.vars }
  for (const name of job.varsFromEnvironment ?? []) {
    const value = __ENV[`ONETAP_VAR_${name}`]
    if (value !== undefined) vars[name] = value
  }
  return vars
}

/** This user's view of the scenario it is in. k6 builds the object anew whenever the import is read; one that is kept goes on telling. */
let kept: typeof running | undefined

export function warmUp(): void {
  kept ??= running
  guardedVisit(job.firstWarmUpIndex + kept.iterationInTest, false)
}

export function measured(): void {
  kept ??= running
  const iteration = kept.iterationInTest
  if (iteration === 0) startedAt.add(Date.now())
  else if (iteration % LATE_EVERY === 0 && job.arrivals !== undefined) {
    // k6 counts a ramp's first arrival where its area reaches 1, a constant rate's at once; half of either is nobody's delay.
    recordMs(late.granted, Date.now() - kept.startTime - arrivalAtMs(job.arrivals, iteration))
  }
  attempted.add(1)
  guardedVisit(job.firstIndex + iteration, true)
  // Not reached when k6 interrupts a visit, which is how such visits are found out.
  completed.add(1)
}

let namedBefore = 0

/** Visits that were not let in are few, or so many that no list of them helps. */
function name(index: number): void {
  if (namedBefore++ >= NAMED_PER_USER) return
  // biome-ignore lint/suspicious/noConsole: k6 has no other way to say which visit it was (src/engines/k6-log.ts reads it).
  console.error(NOT_GRANTED_MARK + (index - job.firstIndex))
}

let told = false

/** k6 would log an exception for every visit, count nothing and end with exit code 0. */
function guardedVisit(index: number, recorded: boolean): void {
  try {
    visit(index, recorded)
  } catch (error) {
    threw.add(1)
    // biome-ignore lint/suspicious/noConsole: k6 has no other way to say something; once per virtual user, it reaches the log file.
    if (!told) console.error(`a visit threw: ${error}`)
    told = true
  }
}

function visit(index: number, recorded: boolean): void {
  context.nowMs = Date.now()
  const begun = visitAt(index, context.nowMs)
  const flow = scenario.flow(begun)
  const hit = isDoomed(begun)
  let next = flow.next()
  while (!next.done) {
    const step = next.value
    const reading = isPhoneStep(step) ? askPhone(step, recorded) : askTarget(step, begun, hit, recorded)
    context.nowMs = Date.now()
    next = flow.next(reading)
  }
}

function askPhone(step: PhoneStep, recorded: boolean): Reading {
  const series = phoneTrends.get(step.op)
  if (phone === undefined || series === undefined) throw new Error(`the run has no phone to do ${step.op}`)
  const response = phone.send(step)
  const reading = phone.read(step, response)
  if (recorded) recordMs(series[reading.kind], response.timings.duration + response.timings.blocked)
  return reading
}

function askTarget(step: TargetStep, { index, carrier, issuedAtMs }: Visit, hit: boolean, recorded: boolean): Reading {
  const operation = operations[step.op]
  const series = trends[step.op]
  if (operation === undefined || series === undefined) throw new Error(`the target has no operation ${step.op}`)
  const response = operation.send(step, context)
  const reading = operation.read(response)
  if (!recorded) return reading
  const { timings } = response
  // What the user waits for: k6's `duration` leaves out the wait for a connection, and a login is often the first request on
  // one. `blocked` holds name look-up, connecting and TLS as well; adding those again would count them twice.
  const ms = timings.duration + timings.blocked
  const exchange = step.op === scenario.exchange
  const outcome = stepOutcome(reading, exchange && hit)
  recordMs(series[outcome], ms)
  if (response.status === 0) transport.add(1)
  if (exchange && outcome !== 'granted') name(index)
  if (timings.connecting > 0) recordMs(connect[outcome], timings.blocked)
  if (exchange) {
    const spent = outcome === 'granted' && !hit ? exchangeTokenIndex(step.op, index) : undefined
    const addedMs = spent === undefined ? undefined : ms - drawLatencyUs(latency, spent, issuedAtMs) / 1000
    if (addedMs !== undefined) recordMs(added.granted, addedMs)
    if (job.byCarrier === true) {
      const own = byCarrier.get(carrier)
      if (own !== undefined) recordMs(own[outcome], addedMs ?? ms)
    }
  }
  return reading
}

/** Keeps the text summary off stdout and still writes the exported one, which `--summary-mode=disabled` would not. */
export function handleSummary(): Record<string, string> {
  return {}
}
