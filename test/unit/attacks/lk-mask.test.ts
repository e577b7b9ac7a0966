import { describe, expect, it } from 'vitest'
import { masksOf } from '../../../attacks/kit/number-mask.ts'
import attack from '../../../attacks/leaks/lk-mask.ts'
import { expectFail } from './observed.ts'

const NUMBER = '13812345678'
const shown = (...masks: string[]) => ({ reply: 'profile', exchange: 3, length: 90, masks })
const middle = shown('138****5678')

describe('lk-mask', () => {
  it.each([
    ['masks that hide different digits', [middle, shown('138123*****')]],
    ['a mask that hides too few', [shown('138123**678')]],
    ['the number itself', [middle, shown(NUMBER)]],
  ])('fails on %s', (_, all) => {
    expectFail(attack.judge({ account: 'acc-1', shown: all }), 'disclosure')
  })

  it('passes when the same four digits are hidden everywhere', () => {
    expect(attack.judge({ account: 'acc-1', shown: [middle, shown(), middle] }).outcome).toBe('pass')
  })

  it('keeps no digit of the number in its words', () => {
    expect(JSON.stringify(attack.judge({ account: 'acc-1', shown: [middle, shown('13812*****8')] }))).not.toMatch(/138|5678/)
  })

  it.each([
    ['the login failed', { account: null, shown: [middle] }],
    ['a page did not come', { account: 'acc-1', shown: [middle, { ...shown(), length: 0 }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})

describe('forms of a number', () => {
  it('are found in a text, each once', () => {
    const text = `{"a":"138****5678","b":"138XXXX5678","c":"138****5678","d":"${NUMBER}"}`
    expect(masksOf(text, NUMBER)).toEqual(['138****5678', '138XXXX5678', NUMBER])
  })

  it.each(['139****5678', '***********', '13812345679', '138****567', ''])('are not seen in %j', text => {
    expect(masksOf(text, NUMBER)).toEqual([])
  })
})
