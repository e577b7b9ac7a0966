import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-phone-normalise.ts'
import { spellings } from '../../../attacks/kit/spell-number.ts'
import { expectFail, login, step } from './observed.ts'

const plain = { name: 'as it is', same: true, owner: 'acc-1', asked: step('granted'), rang: true, login: login('acc-1') }
const same = { ...plain, name: '+86', owner: 'acc-2', login: login('acc-2') }
const refused = { ...plain, name: 'dashes', asked: step('refused'), rang: false, login: null }
const other = { ...refused, name: '+1', same: false }

describe('at-phone-normalise', () => {
  it("fails when another number opened somebody's account", () => {
    const taken = { ...other, asked: step('granted'), rang: true, login: login('acc-1') }
    expectFail(attack.judge({ plain, spelled: [same, taken] }), 'account-exposed')
  })

  it('fails when one number has two accounts', () => {
    expectFail(attack.judge({ plain, spelled: [{ ...same, login: login('acc-9') }, other] }), 'credential')
  })

  it.each([
    ['spellings lead to the same account or are refused', [same, refused, other]],
    ['another number has an account of its own', [{ ...other, asked: step('granted'), rang: true, login: login('acc-9') }]],
    ['the code for another number went elsewhere', [{ ...other, asked: step('granted') }]],
    ['a code is refused with another spelling', [{ ...same, login: login(null) }]],
  ])('passes when %s', (_, spelled) => {
    expect(attack.judge({ plain, spelled }).outcome).toBe('pass')
  })

  it.each([
    ['no code could be had', { plain: { ...plain, rang: false, login: null }, spelled: [] }],
    ['the plain number is refused', { plain: { ...plain, login: login(null) }, spelled: [] }],
    ['codes and tokens lead to two accounts', { plain: { ...plain, login: login('acc-7') }, spelled: [] }],
    ['a limiter answered', { plain, spelled: [{ ...refused, asked: step('refused', { status: 429 }) }] }],
    ['a spelling broke the target', { plain, spelled: [{ ...refused, asked: step('failed', { status: 500 }) }] }],
    ['the owner could not log in', { plain, spelled: [{ ...same, owner: null }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})

describe('the speller', () => {
  it('writes the number itself in no spelling, and all of them differently', () => {
    const texts = spellings.map(({ write }) => write('13800000001', '13900000002'))
    expect(new Set([...texts, '13800000001']).size).toBe(spellings.length + 1)
  })

  it('keeps the digits of the same number, and none beyond its country code', () => {
    for (const { same, write } of spellings.filter(one => one.same)) {
      const digits = write('13800000001', '').normalize('NFKC').replaceAll(/\D/g, '')
      expect([same, digits.replace(/^(?:00)?86/, '')]).toEqual([true, '13800000001'])
    }
  })
})
