import { HarnessError, type HarnessErrorRecord } from '../contract/errors.ts'
import type { JournalTotals, LoadTokens, MockBehaviour, MocksReady, MocksSettings } from '../contract/journal.ts'
import { startChild } from './child.ts'

/** Mocks in a process of their own: what they cost in CPU is not the harness's, and the harness's stalls are not theirs. */
export interface RunningMocks {
  readonly ready: MocksReady
  /** Resolves with the last lines of output when the process ends by itself. */
  readonly died: Promise<string[]>
  setBehaviour(behaviour: Partial<MockBehaviour>): Promise<void>
  totals(): Promise<JournalTotals>
  /** Of indices in [from, to): which gave out no number. */
  loadTokens(from: number, to: number): Promise<LoadTokens>
  /** Forgets journal, totals and spent tokens. */
  reset(): Promise<void>
  stop(): Promise<void>
}

/**
 * How Node runs the mocks. The young generation is large: each call makes some kilobytes of garbage, and every collection is a
 * pause that shows up as delay nobody asked for (`npm run bench:mocks delays`). Costs some 100 MB under load.
 */
export const MOCKS_NODE_OPTIONS = [
  '--disable-warning=ExperimentalWarning',
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
] as const

const READY_WITHIN_MS = 15_000

/** Starts `entry` (mocks/main.ts) and checks that it answers with our run id. Throws HarnessError PORT_IN_USE or MOCKS_FAILED. */
export async function startMocksProcess(entry: string, settings: MocksSettings): Promise<RunningMocks> {
  const child = startChild([process.execPath, ...MOCKS_NODE_OPTIONS, entry], {
    env: { ONETAP_MOCKS_SETTINGS: JSON.stringify(settings), ONETAP_PARENT_PIPE: '1' },
  })
  try {
    const ready = readReady(await child.firstLine(READY_WITHIN_MS), child.tail())
    const control = controlOf(ready)
    const identity = (await control('GET', '/__onetap/identity')) as { runId?: unknown }
    if (identity.runId !== settings.runId) {
      throw new HarnessError('MOCKS_FAILED', `${ready.controlUrl} answers with run id ${String(identity.runId)}, not ours`)
    }
    return {
      ready,
      died: child.ended.then(() => child.tail()),
      setBehaviour: async behaviour => {
        await control('PUT', '/__onetap/behaviour', behaviour)
      },
      loadTokens: async (from, to) => (await control('POST', '/__onetap/journal/load-tokens', { from, to })) as LoadTokens,
      totals: async () => (await control('GET', '/__onetap/journal/totals')) as JournalTotals,
      reset: async () => {
        await control('POST', '/__onetap/reset', {})
      },
      stop: () => child.stop(),
    }
  } catch (cause) {
    await child.stop()
    throw cause
  }
}

function readReady(line: string | undefined, tail: string[]): MocksReady {
  if (line === undefined) {
    throw new HarnessError('MOCKS_FAILED', `the mock carriers did not start: ${tail.at(-1) ?? 'no output'}`, {
      hint: 'run `onetap mocks` to see why',
    })
  }
  const value = parsed(line)
  const { error } = value
  if (error !== undefined) throw new HarnessError(error.code, error.message, error.hint === undefined ? {} : { hint: error.hint })
  if (value.controlUrl === undefined)
    throw new HarnessError('MOCKS_FAILED', `the mock carriers printed no address but: ${line.slice(0, 200)}`)
  return value as MocksReady
}

function parsed(line: string): Partial<MocksReady> & { error?: HarnessErrorRecord } {
  try {
    return (JSON.parse(line) as MocksReady | null) ?? {}
  } catch {
    return {}
  }
}

type Control = (method: string, path: string, body?: unknown) => Promise<unknown>

function controlOf(ready: MocksReady): Control {
  return async (method, path, body) => {
    const response = await fetch(ready.controlUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${ready.controlToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    }).catch((cause: unknown) => {
      throw new HarnessError('MOCKS_FAILED', `the mock carriers do not answer ${method} ${path}`, { cause })
    })
    if (!response.ok)
      throw new HarnessError(
        'MOCKS_FAILED',
        `the mock carriers answer ${response.status} to ${method} ${path}: ${await response.text()}`,
      )
    return response.status === 204 ? undefined : await response.json()
  }
}
