import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadConfig } from '../../config/load-config.ts'
import { stretched } from '../../config/named-shape.ts'
import { resolvePlan } from '../../config/resolve-plan.ts'
import { HarnessError } from '../../contract/errors.ts'
import { EXIT } from '../../contract/exit-code.ts'
import type { Plan } from '../../contract/plan.ts'
import { CEILINGS, peakPerSecond } from '../../contract/shape.ts'
import { type Envelope, type Held, heldBy, searchEnvelope } from '../../judge/envelope.ts'
import { writeWholeFile } from '../../run/run-folder.ts'
import { now } from '../../world/clock.ts'
import { newRunId } from '../../world/run-id.ts'
import { measuringOptions, wasStopped } from '../measuring-run.ts'
import { out } from '../output.ts'
import { carryOut } from '../perform-run.ts'
import type { RunFlags } from '../run-flags.ts'

export interface EnvelopeFlags extends RunFlags {
  /** Fixed carrier latencies to search at, milliseconds; the config's own when absent. */
  carrierMs?: number[]
  precision?: number
  confirm?: number
  maxRate?: number
}

/** One point of the curve: the envelope at one latency of the carriers. */
interface Point extends Envelope {
  /** Null: the config's own latency. */
  carrierMs: number | null
}

/** Kept beside the runs, so that the next search begins where this one ended. */
const MEMORY = join('.onetap', 'envelope.json')

/** `onetap envelope`: the highest rate at which the load budgets hold, once or as a curve over the carriers' latency. */
export async function envelope(flags: EnvelopeFlags): Promise<number> {
  const options = measuringOptions(flags)
  const loaded = await loadConfig(options.config, options.cwd)
  const first = resolvePlan(loaded.config, options, newRunId(now()))
  const { load } = first
  if (load === null)
    throw new HarnessError('CONFIG', 'the configuration has no load to search with', {
      hint: 'leave `load` out to get its defaults',
    })
  if (!first.budgets.some(budget => budget.kind !== 'attacks')) {
    throw new HarnessError('CONFIG', 'no budget judges the load, so every rate would hold', {
      hint: 'add budgets, for instance an error rate and a p99',
    })
  }
  const memory = readMemory(options.cwd)
  const points: Point[] = []
  for (const carrierMs of flags.carrierMs ?? [null]) {
    const key = `${first.name} ${load.scenario} ${carrierMs ?? 'as configured'}`
    const before = memory[key] ?? points.at(-1)?.heldPerSecond ?? peakPerSecond(load.shape) ?? 50
    const probe = async (ratePerSecond: number): Promise<Held> => {
      const plan = planAt(first, ratePerSecond, carrierMs)
      const { result } = await carryOut(plan, loaded.folder, options)
      const held = result === undefined ? 'open' : heldBy(result)
      const why = held === 'holds' ? '' : `  ${result?.reasons[0]?.text ?? 'stopped'}`
      out.line(`  ${ratePerSecond}/s  ${held}${why}`)
      if (wasStopped(result)) throw new Stopped()
      return held
    }
    out.line(carrierMs === null ? 'carriers as configured' : `carriers at ${carrierMs} ms`)
    try {
      const limits = { startPerSecond: before, leastPerSecond: 1, mostPerSecond: flags.maxRate ?? CEILINGS.ratePerSecond }
      const found = await searchEnvelope(
        { ...limits, precision: flags.precision ?? 0.04, confirmations: flags.confirm ?? 2 },
        probe,
      )
      points.push({ carrierMs, ...found })
      if (found.heldPerSecond !== null) memory[key] = found.heldPerSecond
    } catch (cause) {
      if (cause instanceof Stopped) return EXIT.interrupted
      throw cause
    }
  }
  writeMemory(options.cwd, memory)
  tell(points, flags.json === true)
  return points.every(point => point.outcome === 'bracketed' || point.outcome === 'ceiling') ? EXIT.ok : EXIT.inconclusive
}

class Stopped extends Error {}

function planAt(first: Plan, ratePerSecond: number, carrierMs: number | null): Plan {
  const { load, mocks } = first
  if (load === null) throw new Error('an envelope without a load')
  return {
    ...first,
    runId: newRunId(now()),
    mocks: carrierMs === null ? mocks : { ...mocks, latency: { kind: 'fixed', ms: carrierMs } },
    load: { ...load, shape: stretched(load.shape, { ratePerSecond }), maxUsers: CEILINGS.users },
  }
}

function tell(points: readonly Point[], json: boolean): void {
  if (json) {
    out.result(JSON.stringify({ schemaVersion: '1.0.0', points }, null, 2))
    return
  }
  for (const { carrierMs, heldPerSecond, failedPerSecond, outcome, probes } of points) {
    const whom = carrierMs === null ? '' : `carriers at ${carrierMs} ms: `
    const ends = {
      bracketed: `budgets hold up to ${heldPerSecond}/s and not at ${failedPerSecond}/s`,
      ceiling: `budgets hold at ${heldPerSecond}/s, the highest rate allowed (--max-rate)`,
      floor: 'budgets do not hold at 1/s',
      open: `budgets hold up to ${heldPerSecond ?? '?'}/s; above that the evidence was not valid, see the run’s report`,
    }
    out.result(`${whom}${ends[outcome]} (${probes.length} probes)`)
  }
}

function readMemory(cwd: string): Record<string, number> {
  try {
    const kept = JSON.parse(readFileSync(join(cwd, MEMORY), 'utf8')) as Record<string, unknown>
    return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
  } catch {
    // The first search, or a file that is none of ours: begun cold, it ends at the same envelope.
    return {}
  }
}

function writeMemory(cwd: string, memory: Record<string, number>): void {
  const file = join(cwd, MEMORY)
  mkdirSync(dirname(file), { recursive: true })
  writeWholeFile(file, `${JSON.stringify(memory, null, 2)}\n`)
}
