import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/injection/in-nosql.ts'
import { expectFail, gotIn, login, refused } from './observed.ts'

const seen = { attempts: [refused('$ne as nonce'), refused('$gt as code')], victim: login('acc-1'), clean: login('acc-9') }

describe('in-nosql', () => {
  it('fails when a question opened the victim’s account', () => {
    expectFail(attack.judge({ ...seen, attempts: [refused('$gt as code'), gotIn('$ne as code')] }), 'account-exposed')
  })

  it('fails when a question opened any account', () => {
    expectFail(attack.judge({ ...seen, attempts: [gotIn('$ne as nonce', { account: 'acc-5' })] }), 'credential')
  })

  it('passes when all were refused, and does not mind an honest login with odd fields', () => {
    expect(attack.judge({ ...seen, attempts: [...seen.attempts, gotIn('inherited: __proto__')] }).outcome).toBe('pass')
  })

  it.each([
    ['the target broke', { ...seen, attempts: [refused('$ne as nonce', { status: 500, reading: 'failed' as const })] }],
    ['a limiter answered', { ...seen, attempts: [refused('$ne as code', { status: 429 })] }],
    ['a clean login failed afterwards', { ...seen, clean: login(null) }],
    ['there was no victim', { ...seen, victim: login(null) }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
