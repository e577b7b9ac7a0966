import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/substitution/su-app-substitution.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const held = { ...refused('china-mobile: foreign token, own app id', { calls: [3] }), foreignCalls: [] }
const honest = gotIn('own token')

describe('su-app-substitution', () => {
  it("fails when another app's token logged in", () => {
    expectFail(attack.judge({ attempts: [held, { ...gotIn('other'), foreignCalls: [] }], honest }), 'credential')
  })

  it('fails when the target asked in the name of the other app', () => {
    expectFail(attack.judge({ attempts: [{ ...held, foreignCalls: [3] }], honest }), 'carrier-call')
  })

  it('passes when all were refused', () => {
    expect(attack.judge({ attempts: [held], honest }).outcome).toBe('pass')
  })

  it.each([
    ['a token of the own app was refused too', { attempts: [held], honest: refused('own token') }],
    ['an answer was not clear', { attempts: [{ ...held, status: 503 }], honest }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
