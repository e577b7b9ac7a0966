import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/rate-limit/rl-key-variation.ts'
import { expectFail, step } from './observed.ts'

const limited = { spelling: '+86 before it', step: step('refused', { status: 429 }), arrived: 1 }
const through = { ...limited, step: step('granted'), arrived: 2 }
const base = { limit: 1, again: limited, spelled: [limited, { ...limited, step: step('refused') }] }

describe('rl-key-variation', () => {
  it('fails when another spelling brought a message more', () => {
    expectFail(attack.judge({ ...base, spelled: [limited, through] }), 'side-effect')
  })

  it('passes when every spelling was refused', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['no limit was met', { limit: null, again: null, spelled: [] }],
    ['nothing could be sent', { ...base, limit: 0 }],
    ['the limit let go by itself', { ...base, again: through, spelled: [through] }],
    ['a message was granted and never came', { ...base, spelled: [{ ...through, arrived: 1 }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
