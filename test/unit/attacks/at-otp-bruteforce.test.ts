import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-otp-bruteforce.ts'
import { expectFail, login } from './observed.ts'

const serial = { how: 'one after the other' as const, guesses: 20, checked: 20, login: login(null) }
const race = { ...serial, how: 'at once' as const }
const honest = [login('acc-1'), login('acc-2')]

describe('at-otp-bruteforce', () => {
  it.each([serial, race])('fails when the right code still worked after all the wrong ones ($how)', guessed => {
    expectFail(attack.judge({ honest, guessed: [{ ...guessed, login: login('acc-3') }] }), 'credential')
  })

  it('passes when it was refused, by a limiter too', () => {
    expect(attack.judge({ honest, guessed: [serial, { ...race, login: login(null, { status: 429 }) }] }).outcome).toBe('pass')
  })

  it.each([
    ['no honest code worked', { honest: [login('acc-1'), login(null)], guessed: [serial] }],
    ['no code could be had', { honest: [], guessed: [] }],
    ['a limiter answered most guesses', { honest, guessed: [{ ...serial, checked: 3, login: login('acc-3') }] }],
    ['there was nothing to guess at', { honest, guessed: [] }],
    ['the end got no clear answer', { honest, guessed: [{ ...race, login: login(null, { status: 503, reading: 'failed' }) }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
