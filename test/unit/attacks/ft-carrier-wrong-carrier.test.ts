import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-carrier-wrong-carrier.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const right = [gotIn('china-mobile')]
const held = { ...refused('china-mobile as china-unicom', { calls: [4] }), strayed: [] }

describe('ft-carrier-wrong-carrier', () => {
  it('fails when a wrongly declared token logged in', () => {
    expectFail(attack.judge({ attempts: [held, { ...gotIn('other'), strayed: [] }], right }), 'credential')
  })

  it('fails when another carrier than the declared one was asked', () => {
    expectFail(attack.judge({ attempts: [{ ...held, strayed: [4] }], right }), 'carrier-call')
  })

  it('passes when only the declared carrier was asked, and refused', () => {
    expect(attack.judge({ attempts: [held], right }).outcome).toBe('pass')
  })

  it.each([
    ['right declarations were refused too', { attempts: [held], right: [refused('china-mobile')] }],
    ['the target broke', { attempts: [{ ...held, status: 500, reading: 'failed' as const }], right }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
