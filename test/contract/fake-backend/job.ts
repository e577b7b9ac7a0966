import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LoadHooks, LoadJob, LoadProgress } from '../../../src/contract/engine.ts'

export const SEED = 20_260

/** A load job against the fake backend, in a folder of its own that the engine makes; whoever runs it removes it. */
export function fakeJob(
  baseUrl: string,
  change: Partial<Omit<LoadJob, 'plan'>> & { plan?: Partial<LoadJob['plan']> } = {},
): LoadJob {
  const { plan, ...rest } = change
  return {
    runId: 'test',
    seed: SEED,
    plan: {
      engine: 'auto',
      scenario: 'one-tap',
      shape: { kind: 'constant-arrival-rate', ratePerSecond: 100, durationMs: 2000 },
      warmUpMs: 0,
      maxUsers: 100,
      requestTimeoutMs: 2000,
      ...plan,
    },
    baseUrl,
    targetModule: fileURLToPath(new URL('./target.ts', import.meta.url)),
    scenarioModule: fileURLToPath(new URL('../../../scenarios/one-tap.ts', import.meta.url)),
    vars: {},
    carriers: {
      providers: [
        { provider: 'china-mobile', url: 'http://127.0.0.1:1', appIds: ['app-m'] },
        { provider: 'china-telecom', url: 'http://127.0.0.1:1', appIds: ['app-t'] },
      ],
      subscribers: 300,
      latency: { kind: 'none' },
      faults: [],
    },
    firstIndex: 0,
    workDir: join(tmpdir(), `onetap-engine-${randomUUID()}`),
    ...rest,
  }
}

/** Hooks that collect progress, and the switch that stops the load. `onCount` is told how often there was progress so far. */
export function collectingHooks(onCount: (count: number) => unknown = () => undefined): {
  hooks: LoadHooks
  progress: LoadProgress[]
  stop(): void
} {
  const controller = new AbortController()
  const progress: LoadProgress[] = []
  const onProgress = (now: LoadProgress): void => void onCount(progress.push(now))
  return { hooks: { onProgress, signal: controller.signal as LoadHooks['signal'] }, progress, stop: () => controller.abort() }
}
