import type { LoadEvidence } from '../contract/engine.ts'
import type { Plan } from '../contract/plan.ts'
import { type Check, makeCheck } from './check.ts'

/**
 * How much later than due an arrival may begin (p99), milliseconds. Lateness is in the latencies, which count from when the visit
 * was due: it can only make a backend look slower. Above this it is the generator that is measured.
 */
export const LATENESS_LIMIT_MS = 50

/** Did every process of the generator do its share, and begin it in time? */
export function instanceChecks(load: LoadEvidence, plan: Plan): Check[] {
  const planned = plan.load?.generators ?? 1
  const checks: Check[] = []
  // An engine of one process tells of none; its own end is checked beside.
  if (load.generator.instances !== undefined || planned > 1) checks.push(allReported(load, planned))
  if (load.generator.latenessMs !== undefined) checks.push(lateness(load.generator.latenessMs.p99))
  return checks
}

function allReported({ generator, engine }: LoadEvidence, planned: number): Check {
  const { instances } = generator
  const limit = `${planned} of ${planned}`
  if (instances === undefined) {
    const alone = `The plan asks for ${planned} generators and ${engine.id} tells of none: leave \`generators\` out, or use k6 or the embedded engine.`
    return makeCheck('generators-reported', false, 'not told', limit, '', alone)
  }
  const missing = instances.filter(one => !one.reported || !one.finished)
  const names = missing.map(one => `${one.index + 1} (${one.reported ? 'died' : 'never reported'})`).join(', ')
  return makeCheck(
    'generators-reported',
    missing.length === 0 && instances.length === planned,
    `${instances.length - missing.length} of ${planned}`,
    limit,
    'Every generator reported to its end.',
    names === ''
      ? `${instances.length} generators told of themselves, ${planned} were planned.`
      : `Of the generators these did not report to their end: ${names}. Their share of the load is missing from the figures.`,
  )
}

function lateness(p99Ms: number): Check {
  return makeCheck(
    'arrival-lateness',
    p99Ms <= LATENESS_LIMIT_MS,
    `p99 ${p99Ms.toFixed(2)} ms`,
    `p99 <= ${LATENESS_LIMIT_MS} ms`,
    'Arrivals began when they were due.',
    'Arrivals began late, and their wait is in the latencies: offer less, give the generator a core, or share the load with --generators.',
  )
}
