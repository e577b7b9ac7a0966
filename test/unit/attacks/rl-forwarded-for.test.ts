import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/rate-limit/rl-forwarded-for.ts'
import { expectFail, step } from './observed.ts'

const limited = { variant: 'plain', step: step('refused', { status: 429 }), rang: false }
const sent = { variant: 'X-Forwarded-For', step: step('granted'), rang: true }
const base = {
  limitedAfter: 100,
  again: limited,
  elsewhere: { ...sent, variant: 'another address' },
  disguised: [limited, limited],
}

describe('rl-forwarded-for', () => {
  it('fails when a header lifted the limit and the message arrived', () => {
    expectFail(attack.judge({ ...base, disguised: [limited, sent] }), 'side-effect')
  })

  it('passes when the limit held under every header and was not one for all', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['no limit was met', { limitedAfter: null, again: null, elsewhere: null, disguised: [] }],
    ['the limit let go by itself', { ...base, again: { ...sent, variant: 'plain' }, disguised: [sent] }],
    ['another address is limited too', { ...base, elsewhere: limited }],
    ['a message was granted and never came', { ...base, disguised: [limited, { ...sent, rang: false }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
