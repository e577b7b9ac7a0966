import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Engine, LoadJob } from '../../src/contract/engine.ts'
import embedded from '../../src/engines/embedded.ts'
import { k6Engine } from '../../src/engines/k6.ts'
import { collectingHooks, fakeJob, SEED } from './fake-backend/job.ts'
import { type FakeBackend, startFakeBackend } from './fake-backend/server.ts'
import { type SlowDoor, slowDoor } from './fake-backend/slow-handshake.ts'
import { realK6 } from './real-k6.ts'

let backend: FakeBackend
let door: SlowDoor
let job: LoadJob
const caFile = join(tmpdir(), `onetap-ca-${process.pid}.pem`)

afterEach(async () => {
  vi.unstubAllEnvs()
  await door.close()
  await backend.close()
  for (const path of [job.workDir, caFile]) rmSync(path, { recursive: true, force: true })
})

const engines: Engine[] = [embedded, ...(realK6 === undefined ? [] : [k6Engine({ path: realK6.path })])]
const HOLD_MS = 200

describe.each(engines.map(engine => [engine.id, engine] as const))(
  'a connection that takes long to come about, under %s',
  (_id, engine) => {
    it('is in the time of the request that waited for it, and in no other', async () => {
      backend = await startFakeBackend({ seed: SEED })
      door = await slowDoor(backend.url, HOLD_MS)
      writeFileSync(caFile, door.caPem)
      // Go reads the one, Node the other.
      vi.stubEnv('SSL_CERT_FILE', caFile)
      vi.stubEnv('NODE_EXTRA_CA_CERTS', caFile)
      job = fakeJob(door.url, { plan: { shape: { kind: 'constant-arrival-rate', ratePerSecond: 20, durationMs: 2000 } } })
      const evidence = await engine.run(job, collectingHooks().hooks)
      expect(evidence).toMatchObject({ transportErrors: 0, completed: evidence.attempted })
      const [nonce, login] = ['nonce', 'oneTap'].map(series => evidence.totals.find(t => t.series === series)?.exact)
      expect(door.connections()).toBeGreaterThan(0)
      // The nonce is each visit's first request, so the connection is on its account.
      expect(nonce?.max).toBeGreaterThan(HOLD_MS)
      // And told of by itself, once for each connection.
      const connect = evidence.totals.filter(t => t.series === 'connect')
      expect(connect.reduce((sum, { count }) => sum + count, 0)).toBe(door.connections())
      expect(connect[0]?.exact?.min).toBeGreaterThan(HOLD_MS * 0.9)
      // The login follows on the same connection.
      expect(login?.p50).toBeLessThan(HOLD_MS / 2)
    })
  },
)
