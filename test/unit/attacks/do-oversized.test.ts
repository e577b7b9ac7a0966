import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/availability/do-oversized.ts'
import { expectFail, login } from './observed.ts'

const timed = (durationMs: number) => ({ exchange: 6, status: 400, refused: true, durationMs })
const poured = [{ variant: 'passwordLogin, in chunks', exchange: 4, status: 413, sentBytes: 300_000, end: 'early' as const }]
const quick = { shape: 'a password', steps: [{ ...timed(3), length: 9_000 }], again: [] }
const dear = {
  shape: 'an e-mail address that ends wrongly',
  steps: [{ ...timed(700), length: 28 }],
  again: [
    { dear: timed(690), harmless: timed(4) },
    { dear: timed(710), harmless: timed(5) },
  ],
}
const seen = { poured, during: login('acc-1'), ladders: [quick] }

describe('do-oversized', () => {
  it('fails when a short text is dear each time and a harmless one is not', () => {
    expectFail(attack.judge({ ...seen, ladders: [quick, dear] }), 'side-effect')
  })

  it('fails when a request was taken in whole', () => {
    const whole = { variant: 'passwordLogin, in chunks', exchange: 4, status: 401, sentBytes: 16_777_216, end: 'whole' as const }
    expectFail(attack.judge({ ...seen, poured: [whole] }), 'side-effect')
  })

  it('passes when nothing was dear, or everything was, harmless texts included', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
    const slow = { ...dear, again: [{ dear: timed(700), harmless: timed(650) }] }
    expect(attack.judge({ ...seen, ladders: [slow] }).outcome).toBe('pass')
  })

  it('does not take one slow answer for a dear one', () => {
    const once = {
      ...dear,
      again: [
        { dear: timed(700), harmless: timed(4) },
        { dear: timed(9), harmless: timed(4) },
      ],
    }
    expect(attack.judge({ ...seen, ladders: [once] }).outcome).toBe('pass')
  })

  it.each([
    [
      'a limiter answered',
      { ...seen, ladders: [{ ...quick, steps: [{ ...timed(2), refused: false, status: 429, length: 12 }] }] },
    ],
    ['nobody could log in meanwhile', { ...seen, during: login(null) }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
