import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../../attacks/index.ts'
import { type Attack, runsAlone } from '../../src/contract/attack.ts'
import { saltOf, seededRng } from '../../src/contract/rng.ts'
import type { RunningMocks } from '../../src/world/mocks.ts'
import { BLURRED, ENVIRONMENT, PREDICTED } from './predicted.ts'
import { type Examined, examineAll, startCarriers, startPatient, told } from './world.ts'

/** Every attack against every flaw. Otherwise, for each commit, those that notice the flaw and a few that must not. */
const FULL = process.env.PROOF_FULL === '1'
const OTHERS = 4
/** Wait for seconds on purpose. */
const SLOW = ['do-slow-connections', 'nr-notify-lost', 'nr-notify-race', 'rp-nonce-expired']

/** With JWTs there is no opaque value to guess, with opaque sessions no JWT to forge; tickets of the wrong kind are tried in both. */
const ON_OPAQUE = ['ft-session-guess']
/** Want more of a backend than the usual patient has; ENVIRONMENT says where they find it. */
const ON_MORE = ['rp-nonce-two-instances']
/** Need tokens that are signed with a secret. */
const ON_SECRETS = ['ft-jwt-time', 'ft-jwt-weak-secret']
const ON_JWTS = [
  'ft-jwt-alg-confusion',
  'ft-jwt-alg-none',
  'ft-jwt-key-source',
  'ft-jwt-kid',
  'ft-jwt-signature',
  'ft-jwt-time',
  'ft-jwt-weak-secret',
]

describe('the proof matrix', () => {
  let mocks: RunningMocks
  beforeAll(async () => {
    mocks = await startCarriers()
  })
  afterAll(() => mocks?.stop())

  async function examined(flaws: string, session: 'jwt' | 'opaque', chosen: readonly Attack[] = attacks): Promise<Examined[]> {
    const patient = await startPatient(mocks.ready, flaws, session, ENVIRONMENT[flaws])
    try {
      return await examineAll(mocks.ready, patient, chosen)
    } finally {
      await patient.stop()
    }
  }

  it('agrees with what the attacks themselves say they notice', () => {
    const said = attacks.flatMap(({ meta }) => meta.notices.map(flaw => `${flaw} ${meta.id}`))
    const predicted = Object.entries(PREDICTED).flatMap(([flaw, cells]) => Object.keys(cells).map(id => `${flaw} ${id}`))
    expect(said.sort()).toEqual(predicted.sort())
  })

  it('is green from top to bottom for the sound backend with JWTs', async () => {
    const all = await examined('', 'jwt')
    const outcomes = Object.fromEntries(all.map(({ attack, verdict }) => [attack.meta.id, verdict.outcome]))
    const expected = attacks.map(({ meta }) => [
      meta.id,
      [...ON_OPAQUE, ...ON_MORE].includes(meta.id) ? 'not-applicable' : 'pass',
    ])
    expect(outcomes, all.map(told).join('\n')).toEqual(Object.fromEntries(expected))
  })

  it('is green for the sound backend with opaque sessions, where attacks on JWTs do not apply', async () => {
    const all = await examined('', 'opaque')
    const outcomes = Object.fromEntries(all.map(({ attack, verdict }) => [attack.meta.id, verdict.outcome]))
    const expected = attacks.map(({ meta }) => [meta.id, [...ON_JWTS, ...ON_MORE].includes(meta.id) ? 'not-applicable' : 'pass'])
    expect(outcomes, all.map(told).join('\n')).toEqual(Object.fromEntries(expected))
  })

  it.each(Object.keys(ENVIRONMENT))(
    'is green for the sound backend where %s would show, for those that claim to notice it',
    async flaw => {
      const { SESSION } = ENVIRONMENT[flaw] ?? {}
      const patient = await startPatient(mocks.ready, '', SESSION === 'opaque' ? 'opaque' : 'jwt', ENVIRONMENT[flaw])
      try {
        const all = await examineAll(
          mocks.ready,
          patient,
          attacks.filter(({ meta }) => meta.notices.includes(flaw)),
        )
        expect(all.filter(({ verdict }) => verdict.outcome !== 'pass').map(told)).toEqual([])
      } finally {
        await patient.stop()
      }
    },
  )

  it.each(Object.keys(PREDICTED))(
    'with %s, exactly the attacks that claim to notice it fail, on evidence of the right kind',
    async flaw => {
      const all = await examined(flaw, 'jwt', chosenFor(flaw))
      const red = all.filter(({ attack, verdict }) => verdict.outcome === 'fail' && !mayNotice(attack, flaw))
      expect(
        Object.fromEntries(red.map(({ attack, verdict }) => [attack.meta.id, verdict.judgement?.proof?.kind])),
        all.map(told).join('\n'),
      ).toEqual(PREDICTED[flaw])
      const grey = all.filter(({ attack, verdict }) => {
        const blurred = verdict.outcome === 'inconclusive' && isBlurred(flaw, attack.meta.id)
        return verdict.outcome !== 'pass' && verdict.outcome !== 'fail' && !blurred && !isBeside(flaw, attack.meta.id, verdict)
      })
      expect(grey.map(told)).toEqual([])
    },
  )
})

function mayNotice({ meta }: Attack, flaw: string): boolean {
  return meta.mayNotice?.includes(flaw) === true
}

function isBlurred(flaw: string, id: string): boolean {
  const blurred = BLURRED[flaw]
  return blurred === 'all' || blurred?.includes(id) === true
}

/** Each form of session has attacks of its own; what is left are those of the other form. */
function isBeside(flaw: string, id: string, { outcome }: Examined['verdict']): boolean {
  const opaque = ENVIRONMENT[flaw]?.SESSION === 'opaque'
  const paired = ENVIRONMENT[flaw]?.JWT_ALG === 'RS256' && ON_SECRETS.includes(id)
  if (outcome === 'not-applicable' && paired) return true
  return outcome === 'not-applicable' && [...(opaque ? ON_JWTS : ON_OPAQUE), ...ON_MORE].includes(id)
}

/** The same few bystanders for the same flaw; those that run alone take longest and wait for the full matrix. */
function chosenFor(flaw: string): readonly Attack[] {
  if (FULL) return attacks
  const rng = seededRng(saltOf(flaw))
  const bystanders = attacks.filter(({ meta }) => !meta.notices.includes(flaw) && !runsAlone(meta) && !SLOW.includes(meta.id))
  const picked = new Set(Array.from({ length: OTHERS }, () => rng.pick(bystanders)))
  return attacks.filter(attack => attack.meta.notices.includes(flaw) || picked.has(attack))
}
