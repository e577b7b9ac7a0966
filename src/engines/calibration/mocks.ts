import { Pool } from 'undici'
import { HarnessError } from '../../contract/errors.ts'
import type { LoopDelay } from '../../contract/journal.ts'
import { startMocksProcess } from '../../world/mocks.ts'

export interface MocksCalibration {
  /** Calls answered each second by one provider, without delay, over CONNECTIONS connections. */
  callsPerSecond: number
  loopDelayMs: LoopDelay | null
}

const CONNECTIONS = 32
const MEASURED_MS = 3000

/** What the mocks can answer on this machine: calls that are read, refused for want of a signature, and booked like any other. */
export async function calibrateMocks(entry: string): Promise<MocksCalibration> {
  const runId = 'calibration'
  const behaviour = { latency: { kind: 'none' }, faults: [], singleUse: 'strict' } as const
  const mocks = await startMocksProcess(entry, { runId, seed: 1, subscribers: 1000, carriers: ['china-mobile'], behaviour })
  try {
    const url = mocks.ready.providers[0]?.url
    if (url === undefined) throw new HarnessError('MOCKS_FAILED', 'the mock carrier told no address')
    const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 })
    const endsMs = performance.now() + MEASURED_MS
    const beganMs = performance.now()
    let calls = 0
    const caller = async (): Promise<void> => {
      while (performance.now() < endsMs) {
        const reply = await pool.request({
          method: 'POST',
          path: '/unisdk/rsapi/loginTokenValidate',
          headers: HEADERS,
          body: '{}',
        })
        await reply.body.dump()
        calls++
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, caller))
    await pool.close()
    const callsPerSecond = Math.round((calls * 1000) / (performance.now() - beganMs))
    return { callsPerSecond, loopDelayMs: (await mocks.totals()).loopDelayMs ?? null }
  } finally {
    await mocks.stop()
  }
}

const HEADERS = { 'content-type': 'application/json' }
