import { describe, expect, it } from 'vitest'
import { superiority } from '../../../attacks/kit/rank.ts'
import attack from '../../../attacks/leaks/lk-enum-timing.ts'
import { expectFail } from './observed.ts'

const timed = (from: number) => Array.from({ length: 10 }, (_, i) => ({ exchange: i + 1, status: 401, ms: from + i }))
const base = { ready: true, one: timed(50), other: timed(51), nobody: timed(50) }

describe('lk-enum-timing', () => {
  it.each([1, 120])('fails when numbers without an account are always answered about %d ms, those with one 50', from => {
    expectFail(attack.judge({ ...base, nobody: timed(from) }), 'disclosure')
  })

  it.each([
    ['all take as long', base],
    ['the difference is too small to be seen', { ...base, nobody: timed(45) }],
  ])('passes when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('pass')
  })

  it.each([
    ['no account could be made', { ready: false, one: [], other: [], nobody: [] }],
    ['two accounts differ as much', { ...base, other: timed(110), nobody: timed(1) }],
    ['a limiter answered', { ...base, nobody: timed(1).map(one => ({ ...one, status: 429 })) }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})

describe('superiority', () => {
  it.each([
    [[3, 4], [1, 2], 1],
    [[1, 2], [3, 4], 0],
    [[1, 2], [1, 2], 0.5],
    [[], [1], 0.5],
  ])('of %j over %j is %d', (first, second, share) => {
    expect(superiority(first, second)).toBe(share)
  })
})
