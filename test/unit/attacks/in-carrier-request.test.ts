import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/injection/in-carrier-request.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const held = { ...refused('china-mobile: a query'), injected: [] }
const honest = gotIn('untouched')

describe('in-carrier-request', () => {
  it('fails when a part of the token was a value of its own at the carrier', () => {
    expectFail(attack.judge({ attempts: [held, { ...held, injected: [6] }], honest }), 'carrier-call')
  })

  it('fails when such a token logged in', () => {
    expectFail(attack.judge({ attempts: [{ ...gotIn('a query'), injected: [] }], honest }), 'credential')
  })

  it('passes when the tokens stayed one value, or were refused', () => {
    expect(attack.judge({ attempts: [held, { ...held, calls: [5] }], honest }).outcome).toBe('pass')
  })

  it.each([
    ['the untouched token was refused too', { attempts: [held], honest: refused('untouched') }],
    ['no control was made', { attempts: [held], honest: null }],
    ['the target broke', { attempts: [{ ...held, status: 500, reading: 'failed' as const }], honest }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
