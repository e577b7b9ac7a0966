import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine, LoadEvidence, LoadJob } from '../../contract/engine.ts'
import { HarnessError } from '../../contract/errors.ts'
import { startChild } from '../../world/child.ts'
import { ownModule } from '../../world/own-module.ts'

/** A rate counts as offered when nothing was dropped, all visits ended, and the generator was in time and had a fifth of the machine left. */
const HEALTHY = { cpuShare: 0.8, latenessP99Ms: 50 } as const
const RATES = [250, 500, 1000, 2000, 4000, 8000, 16_000] as const
const PROBE_MS = 4000

export interface GeneratorCalibration {
  engine: string
  /** The highest rate of RATES that was offered in good order; null when not even the lowest was. */
  perSecond: number | null
  /** What went wrong at the next one; null when all went well. */
  limit: string | null
}

/** What this machine can generate with the cheapest target beside it: one request a visit. `scenarioModule`: of `exchange`. */
export async function calibrateGenerator(
  engine: Engine,
  scenarioModule: string,
  tell: (line: string) => void,
): Promise<GeneratorCalibration> {
  const server = startChild([process.execPath, ownModule('./server.ts', import.meta.url)], {})
  const workDir = mkdtempSync(join(tmpdir(), 'onetap-calibrate-'))
  try {
    const port = await server.firstLine(10_000)
    if (port === undefined) throw new HarnessError('ENGINE_FAILED', 'the calibration server did not start')
    let perSecond: number | null = null
    for (const rate of RATES) {
      const limit = whatIsWrong(await engine.run(jobAt(rate, `http://127.0.0.1:${port}`, scenarioModule, workDir), QUIET))
      tell(`${engine.id} ${rate}/s: ${limit ?? 'in good order'}`)
      if (limit !== null) return { engine: engine.id, perSecond, limit }
      perSecond = rate
    }
    return { engine: engine.id, perSecond, limit: null }
  } finally {
    await server.stop()
    rmSync(workDir, { recursive: true, force: true })
  }
}

const QUIET = { onProgress: () => undefined, signal: new AbortController().signal }

function jobAt(ratePerSecond: number, baseUrl: string, scenarioModule: string, workDir: string): LoadJob {
  return {
    runId: 'calibration',
    seed: 1,
    plan: {
      engine: 'auto',
      scenario: 'exchange',
      shape: { kind: 'constant-arrival-rate', ratePerSecond, durationMs: PROBE_MS },
      warmUpMs: 1000,
      maxUsers: Math.min(2000, Math.max(50, Math.ceil(ratePerSecond / 4))),
      requestTimeoutMs: 5000,
    },
    baseUrl,
    targetModule: ownModule('./target.ts', import.meta.url),
    scenarioModule,
    vars: {},
    carriers: {
      providers: [{ provider: 'china-mobile', url: baseUrl, appIds: ['calibration'] }],
      subscribers: 1_000_000,
      latency: { kind: 'none' },
      faults: [],
    },
    firstIndex: 0,
    workDir,
  }
}

/** In words what kept a rate from being offered in good order; null when nothing did. */
export function whatIsWrong(load: LoadEvidence): string | null {
  const { cpuShare, latenessMs } = load.generator
  if (load.end.reason !== 'finished') return `it ended early (${load.end.reason})`
  if (load.dropped > 0) return `${load.dropped} arrivals were dropped`
  if (load.completed !== load.attempted || load.attempted === 0) return `${load.completed} of ${load.attempted} visits ended`
  if (load.transportErrors > 0) return `${load.transportErrors} requests got no reply`
  if (cpuShare !== null && cpuShare >= HEALTHY.cpuShare) return `it took ${Math.round(cpuShare * 100)} % of the processors`
  if (latenessMs !== undefined && latenessMs.p99 > HEALTHY.latenessP99Ms)
    return `visits began ${latenessMs.p99.toFixed(0)} ms late (p99)`
  return null
}
