import { CARRIER_IDS } from '../../contract/carriers.ts'
import { HarnessError } from '../../contract/errors.ts'
import type { LatencyProfile } from '../../contract/latency.ts'
import { PROVIDER_IDS } from '../../contract/providers.ts'
import { mocksEntry } from '../../rooms.ts'
import { now } from '../../world/clock.ts'
import { startMocksProcess } from '../../world/mocks.ts'
import { newRunId } from '../../world/run-id.ts'
import { Shutdown } from '../../world/shutdown.ts'
import { unwindOnCrash } from '../end-process.ts'
import { out } from '../output.ts'
import { listenForStop } from '../stop.ts'

export interface MocksFlags {
  json?: boolean
  seed?: number
  latencyMs?: number
  errorShare?: number
}

/** `onetap mocks`: the carriers alone, until Ctrl-C. */
export async function runMocks(flags: MocksFlags): Promise<number> {
  const shutdown = new Shutdown()
  unwindOnCrash(shutdown)
  const stop = listenForStop(shutdown)
  const latency: LatencyProfile = flags.latencyMs === undefined ? { kind: 'none' } : { kind: 'fixed', ms: flags.latencyMs }
  const mocks = await startMocksProcess(mocksEntry, {
    runId: newRunId(now()),
    seed: flags.seed ?? 1,
    subscribers: 1_000_000,
    carriers: CARRIER_IDS,
    providers: PROVIDER_IDS,
    behaviour: {
      latency,
      faults: flags.errorShare === undefined ? [] : [{ id: 'error-rate', share: flags.errorShare, answer: 'http' }],
      singleUse: 'strict',
    },
  })
  shutdown.add('mock carriers', () => mocks.stop())
  if (flags.json === true) out.result(JSON.stringify(mocks.ready))
  else {
    for (const { provider, url } of mocks.ready.providers) out.result(`${provider.padEnd(14)} ${url}`)
    out.result(`${'control plane'.padEnd(14)} ${mocks.ready.controlUrl}  (Authorization: Bearer ${mocks.ready.controlToken})`)
    out.result(
      Object.entries(mocks.ready.environment)
        .map(([name, value]) => `export ${name}='${value}'`)
        .join('\n'),
    )
    out.line('running until Ctrl-C')
  }
  const tail = await stop.unlessStopped(mocks.died)
  stop.dispose()
  await shutdown.run()
  if (tail !== undefined) throw new HarnessError('MOCKS_FAILED', `the mock carriers ended: ${tail.at(-1) ?? 'no output'}`)
  // Asked to stop and stopped: that is what was wanted.
  return 0
}
