import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-unicode.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const attempts = [refused('full-width letters', { status: 400 }), refused('a space after')]
const spare = gotIn('as it is')

describe('ft-unicode', () => {
  it('fails when another text was taken for the nonce', () => {
    expectFail(attack.judge({ attempts: [...attempts, gotIn('a byte order mark before')], spare }), 'credential')
  })

  it('fails when it cost a carrier call', () => {
    expectFail(attack.judge({ attempts: [refused('a NUL after', { calls: [3] })], spare }), 'carrier-call')
  })

  it('passes when each was refused and the nonce itself was not', () => {
    expect(attack.judge({ attempts, spare }).outcome).toBe('pass')
  })

  it.each([
    ['the nonce itself was refused too', { attempts, spare: refused('as it is') }],
    ['the target broke', { attempts: [refused('a NUL after', { status: 500, reading: 'failed' as const })], spare }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
