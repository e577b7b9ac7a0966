import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../../attacks/index.ts'
import cookies from '../../examples/dialects/cookies.target.ts'
import renamed from '../../examples/dialects/renamed.target.ts'
import statusInBody from '../../examples/dialects/status-in-body.target.ts'
import rest from '../../onetap.target.ts'
import type { Attack } from '../../src/contract/attack.ts'
import type { TargetProfile } from '../../src/contract/target.ts'
import type { RunningMocks } from '../../src/world/mocks.ts'
import { examineAll, startCarriers, startPatient, told } from './world.ts'

interface Spoken {
  dialect: string
  session: 'jwt' | 'opaque'
  target: TargetProfile
  /** Speech that hides part of the answers: what was not seen is inconclusive, and still nobody is accused. */
  mayBlur: boolean
}

/** Every way the sound reference backend speaks. One row for each dialect, and cookies over both forms of sessions. */
const DIALECTS: readonly Spoken[] = [
  { dialect: 'rest', session: 'jwt', target: rest, mayBlur: false },
  { dialect: 'rest', session: 'opaque', target: rest, mayBlur: false },
  { dialect: 'status-in-body', session: 'jwt', target: statusInBody, mayBlur: false },
  { dialect: 'cookies', session: 'opaque', target: cookies, mayBlur: false },
  { dialect: 'cookies', session: 'jwt', target: cookies, mayBlur: false },
  { dialect: 'renamed', session: 'jwt', target: renamed, mayBlur: false },
  { dialect: 'slow', session: 'jwt', target: rest, mayBlur: false },
  { dialect: 'two-instances', session: 'opaque', target: rest, mayBlur: false },
  { dialect: 'strict', session: 'jwt', target: rest, mayBlur: true },
  { dialect: 'unsteady', session: 'jwt', target: rest, mayBlur: true },
  { dialect: 'idempotent', session: 'jwt', target: rest, mayBlur: true },
]

/** Three hundred milliseconds on each of an attack's requests, one after the other, add up. */
const WITHIN_MS = 900_000

const FULL = process.env.PROOF_FULL === '1'
/** Each commit: three dialects that change most, and attacks that look at different parts of the answers. */
const SAMPLE_DIALECTS = ['status-in-body', 'cookies', 'renamed']
const SAMPLE_ATTACKS = ['ft-carrier-malformed', 'ft-jwt-signature', 'rp-nonce-absent', 'rp-nonce-serial', 'nr-old-session']

const chosen: readonly Attack[] = FULL ? attacks : attacks.filter(({ meta }) => SAMPLE_ATTACKS.includes(meta.id))
const sample = DIALECTS.filter(({ dialect }, index) => {
  return SAMPLE_DIALECTS.includes(dialect) && DIALECTS.findIndex(other => other.dialect === dialect) === index
})

describe('the sound backend is accused of nothing', () => {
  let mocks: RunningMocks
  beforeAll(async () => {
    expect(chosen.length).toBeGreaterThanOrEqual(SAMPLE_ATTACKS.length)
    mocks = await startCarriers()
  })
  afterAll(() => mocks?.stop())

  it.each(FULL ? DIALECTS : sample)(
    'in $dialect with $session sessions',
    async ({ dialect, session, target, mayBlur }) => {
      const patient = await startPatient(mocks.ready, '', session, { DIALECT: dialect })
      try {
        const all = await examineAll(mocks.ready, { ...patient, target }, chosen)
        const allowed = ['pass', 'not-applicable', ...(mayBlur ? ['inconclusive'] : [])]
        expect(all.filter(({ verdict }) => !allowed.includes(verdict.outcome)).map(told)).toEqual([])
        // A dialect nobody understands would be all grey, and nothing would have been looked at.
        expect(all.filter(({ verdict }) => verdict.outcome === 'pass').length, all.map(told).join('\n')).toBeGreaterThan(0)
      } finally {
        await patient.stop()
      }
    },
    WITHIN_MS,
  )
})
