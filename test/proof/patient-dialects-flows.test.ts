import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import cookies from '../../examples/dialects/cookies.target.ts'
import renamed from '../../examples/dialects/renamed.target.ts'
import statusInBody from '../../examples/dialects/status-in-body.target.ts'
import rest from '../../onetap.target.ts'
import type { TargetProfile } from '../../src/contract/target.ts'
import { createLab } from '../../src/lab/lab.ts'
import type { RunningMocks } from '../../src/world/mocks.ts'
import { HONEST_FLOWS } from './honest-flows.ts'
import { type StartedPatient, startCarriers, startPatient } from './world.ts'

interface Spoken {
  name: string
  target: TargetProfile
  session: 'jwt' | 'opaque'
  env: Readonly<Record<string, string>>
}

const folder = mkdtempSync(path.join(tmpdir(), 'onetap-flows-'))

/** The eleven ways to speak that a sound backend must not be accused in (D1 to D11), each with its own target module. */
const SPOKEN: readonly Spoken[] = [
  { name: 'D1 rest', target: rest, session: 'jwt', env: {} },
  { name: 'D2 status in the body', target: statusInBody, session: 'jwt', env: { DIALECT: 'status-in-body' } },
  { name: 'D3 cookies and redirects', target: cookies, session: 'opaque', env: { DIALECT: 'cookies' } },
  { name: 'D4 opaque sessions', target: rest, session: 'opaque', env: {} },
  { name: 'D5 JWTs by a key pair', target: rest, session: 'jwt', env: { JWT_ALG: 'RS256' } },
  { name: 'D6 renamed fields and forms', target: renamed, session: 'jwt', env: { DIALECT: 'renamed' } },
  { name: 'D7 300 ms later', target: rest, session: 'jwt', env: { DIALECT: 'slow' } },
  { name: 'D8 strict limits', target: rest, session: 'jwt', env: { DIALECT: 'strict' } },
  { name: 'D9 honest 503s', target: rest, session: 'jwt', env: { DIALECT: 'unsteady' } },
  { name: 'D10 idempotent replies', target: rest, session: 'jwt', env: { DIALECT: 'idempotent' } },
  {
    name: 'D11 two instances over a file',
    target: rest,
    session: 'opaque',
    env: { DIALECT: 'two-instances', SQLITE_PATH: path.join(folder, 'accounts.sqlite') },
  },
]

/** For each commit the dialects that say things in other words or keep replies; all eleven with `npm run proof:full`. */
const SAMPLE = ['D2', 'D3', 'D6', 'D10']
const CHOSEN = process.env.PROOF_FULL === '1' ? SPOKEN : SPOKEN.filter(({ name }) => SAMPLE.includes(name.split(' ')[0] ?? ''))

describe('honest users get the same from the reference backend in every dialect', () => {
  let mocks: RunningMocks
  beforeAll(async () => {
    mocks = await startCarriers()
  })
  afterAll(async () => {
    await mocks?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  describe.each(CHOSEN)('$name', ({ target, session, env }) => {
    let patient: StartedPatient
    beforeAll(async () => {
      // Nonces for humans: this is not about their end, and a busy machine is no fault of the backend.
      patient = await startPatient(mocks.ready, '', session, { ...env, NONCE_TTL_MS: '120000', CARRIER_TIMEOUT_MS: '3000' })
    })
    afterAll(() => patient?.stop())

    it.each(Object.keys(HONEST_FLOWS))('%s', async flow => {
      const opened = await createLab({
        runId: mocks.ready.runId,
        seed: 20_262,
        baseUrl: patient.url,
        target,
        vars: { rebindSecret: patient.rebindSecret },
        mocks: mocks.ready,
        limits: { revocationWithinMs: 2000, raceRounds: 1, raceWidth: 2 },
        requestTimeoutMs: 10_000,
        label: flow,
      })
      try {
        await HONEST_FLOWS[flow]?.(opened.lab)
      } finally {
        await opened.close()
      }
      expect(opened.requests()).toBeGreaterThan(3)
    })
  })
})
