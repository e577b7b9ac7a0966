import { describe, expect, it } from 'vitest'
import { stillText } from '../../../attacks/kit/answer-shape.ts'
import attack from '../../../attacks/leaks/lk-enum-response.ts'
import { expectFail } from './observed.ts'

const answer = (shape: string, more = {}) => ({ exchange: 3, status: 401, shape, clear: true, ...more })
const same = { way: 'wrong password', known: [answer('a'), answer('a')], unknown: [answer('a'), answer('a')] }
const apart = { ...same, unknown: [answer('b'), answer('b')] }

describe('lk-enum-response', () => {
  it('fails when answers agree within each class and differ between the two', () => {
    expectFail(attack.judge({ ready: true, ways: [same, apart] }), 'disclosure')
  })

  it('passes when both classes get one answer', () => {
    expect(attack.judge({ ready: true, ways: [same, same] }).outcome).toBe('pass')
  })

  it.each([
    ['the accounts could not be made', { ready: false, ways: [apart] }],
    ['answers differ by themselves', { ready: true, ways: [{ ...same, known: [answer('a'), answer('c')] }] }],
    [
      'a limiter answered one class',
      { ready: true, ways: [{ ...apart, unknown: [answer('b', { clear: false }), answer('b')] }] },
    ],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})

describe('an answer made still', () => {
  const text = (body: string, date = 'Mon') => `Date: ${date}\nContent-Type: application/json\nX-Limit: 9\n\n${body}`

  it('loses dates, ids, random values and digits', () => {
    const one = text('{"id":"2f1c4e3a-0000-4000-8000-1234567890ab","t":"q9Zt3kLmN0pQrStUv","n":17}')
    const other = text('{"id":"99999999-1111-4111-9111-ba0987654321","t":"A1b2C3d4E5f6G7h8I","n":4242}', 'Tue')
    expect(stillText(one)).toBe(stillText(other))
  })

  it.each([
    ['words', text('{"code":"NO_SUCH_USER"}'), text('{"code":"WRONG_PASSWORD"}')],
    ['fields', text('{"a":1}'), text('{"a":1,"b":1}')],
    ['headers', text('{}'), `X-More: 1\n${text('{}')}`],
  ])('keeps its %s', (_, one, other) => {
    expect(stillText(one)).not.toBe(stillText(other))
  })
})
