import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../../attacks/index.ts'
import type { ProofKind } from '../../src/contract/attack.ts'
import type { RunningMocks } from '../../src/world/mocks.ts'
import { type Examined, examineAll, knownFlaws, startCarriers, startPatient, told } from './world.ts'

/** What the flaw predicts an attack gets; a catch by other means would be luck. */
const PREDICTED: Readonly<Record<string, Readonly<Record<string, ProofKind>>>> = {
  'bind-proved=bind-no-proof': { 'at-bind-taken': 'account-exposed' },
  'carrier-token-once=absent': { 'rp-carrier-token-serial': 'second-session' },
  'carrier-token-verified=lenient-token': { 'ft-carrier-malformed': 'credential' },
  'carrier-token-verified=trust-any-token': { 'ft-carrier-random': 'credential', 'ft-carrier-malformed': 'credential' },
  'code-vault=code-not-bound': { 'at-otp-cross-number': 'account-exposed' },
  'code-vault=otp-unlimited': { 'at-otp-bruteforce': 'credential' },
  'credential-change-cuts=reset-keeps-sessions': { 'at-stale-session': 'session-alive' },
  'error-boundary=absent': { 'ft-carrier-malformed': 'server-error' },
  'identifier-verified=merge-unverified': { 'at-merge-unverified': 'account-exposed' },
  'identity-unique=bind-racy': { 'at-bind-taken': 'account-exposed' },
  'identity-unique=create-account-racy': { 'at-bind-taken': 'account-exposed' },
  'jwt-signature=alg-none': { 'ft-jwt-alg-none': 'account-exposed' },
  'jwt-signature=unverified': { 'ft-jwt-signature': 'account-exposed' },
  'nonce-issued=format-only': {
    'rp-nonce-absent': 'credential',
    'rp-nonce-race': 'second-session',
    'rp-nonce-serial': 'second-session',
  },
  'nonce-issued=optional': { 'rp-nonce-absent': 'credential' },
  'nonce-single-use=racy': { 'rp-nonce-race': 'second-session' },
  'nonce-single-use=reusable': { 'rp-nonce-race': 'second-session', 'rp-nonce-serial': 'second-session' },
  'number-canonical=late-normalise': { 'at-phone-normalise': 'account-exposed' },
  'number-canonical=raw-phone-key': { 'at-phone-normalise': 'credential' },
  'one-password=password-per-row': { 'at-password-desync': 'credential' },
  'provider-identity=no-provider-audience': { 'at-provider-other-app': 'account-exposed' },
  'provider-identity=openid-from-client': { 'at-openid-client': 'account-exposed' },
  'reissue-told-apart=any-imsi-change': { 'nr-ported': 'lock-out', 'nr-sim-replaced': 'lock-out' },
  'reissue-unbinds=ignored': { 'nr-new-owner': 'account-exposed', 'nr-old-session': 'session-alive' },
  'reissue-unbinds=keeps-sessions': { 'nr-old-session': 'session-alive' },
}

/**
 * Cells that may be inconclusive instead of green. A target that breaks on a malformed nonce has not refused it: that nothing got
 * in shows no check, and the crash is ft-carrier-malformed's to report.
 */
const BLURRED: Readonly<Record<string, readonly string[]>> = {
  'error-boundary=absent': ['rp-nonce-absent', 'at-openid-client', 'at-otp-cross-number', 'at-phone-normalise'],
}

describe('the proof matrix', () => {
  let mocks: RunningMocks
  beforeAll(async () => {
    mocks = await startCarriers()
  })
  afterAll(() => mocks?.stop())

  async function examined(flaws: string, session?: 'jwt' | 'opaque'): Promise<Examined[]> {
    const patient = await startPatient(mocks.ready, flaws, session)
    try {
      return await examineAll(mocks.ready, patient)
    } finally {
      await patient.stop()
    }
  }

  it('lists every flaw the reference backend has', async () => {
    expect(Object.keys(PREDICTED).sort()).toEqual(await knownFlaws(mocks.ready))
  })

  it('agrees with what the attacks themselves say they notice', () => {
    const said = attacks.flatMap(({ meta }) => meta.notices.map(flaw => `${flaw} ${meta.id}`))
    const predicted = Object.entries(PREDICTED).flatMap(([flaw, cells]) => Object.keys(cells).map(id => `${flaw} ${id}`))
    expect(said.sort()).toEqual(predicted.sort())
  })

  it('is green from top to bottom for the sound backend with JWTs', async () => {
    const all = await examined('')
    expect(all.filter(({ verdict }) => verdict.outcome !== 'pass').map(told)).toEqual([])
  })

  it('is green for the sound backend with opaque sessions, where attacks on JWTs do not apply', async () => {
    const all = await examined('', 'opaque')
    const outcomes = Object.fromEntries(all.map(({ attack, verdict }) => [attack.meta.id, verdict.outcome]))
    const expected = attacks.map(({ meta }) => [meta.id, meta.id.startsWith('ft-jwt-') ? 'not-applicable' : 'pass'])
    expect(outcomes).toEqual(Object.fromEntries(expected))
  })

  it.each(Object.keys(PREDICTED))(
    'with %s, exactly the attacks that claim to notice it fail, on evidence of the right kind',
    async flaw => {
      const all = await examined(flaw)
      const red = all.filter(({ verdict }) => verdict.outcome === 'fail')
      const may = attacks.filter(({ meta }) => meta.mayNotice?.includes(flaw)).map(({ meta }) => meta.id)
      const must = red.filter(({ attack }) => !may.includes(attack.meta.id))
      expect(Object.fromEntries(must.map(({ attack, verdict }) => [attack.meta.id, verdict.judgement?.proof?.kind]))).toEqual(
        PREDICTED[flaw],
      )
      const grey = all.filter(({ attack, verdict }) => {
        const blurred = verdict.outcome === 'inconclusive' && (BLURRED[flaw] ?? []).includes(attack.meta.id)
        return verdict.outcome !== 'pass' && verdict.outcome !== 'fail' && !blurred
      })
      expect(grey.map(told)).toEqual([])
    },
  )
})
