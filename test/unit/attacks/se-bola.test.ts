import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/session/se-bola.ts'
import { expectFail } from './observed.ts'

const look = { how: 'by its id', exchange: 3, status: 404, refused: true, shown: null as string | null }
const honest = { ...look, status: 200, refused: false, shown: 'acc-1' }
const base = { own: 'acc-1', victim: 'acc-2', honest, looks: [look, { ...look, refused: false, shown: 'acc-1' }] }

describe('se-bola', () => {
  it("fails when the victim's account was shown", () => {
    expectFail(attack.judge({ ...base, looks: [look, { ...look, refused: false, shown: 'acc-2' }] }), 'account-exposed')
  })

  it('passes when every request was refused or showed the own account', () => {
    expect(attack.judge(base).outcome).toBe('pass')
    expect(attack.judge({ ...base, honest: null }).outcome).toBe('pass')
  })

  it.each([
    ['a login failed', { ...base, victim: null, looks: [] }],
    ['both share an account', { ...base, victim: 'acc-1' }],
    ['the own account is not shown by its id', { ...base, honest: look }],
    ['a request got no clear answer', { ...base, looks: [{ ...look, status: 503, refused: false }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
