import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/substitution/su-client-appid.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const honest = gotIn('nothing said')
const quiet = [
  { ...gotIn('another app in more fields'), foreignCalls: [] },
  { ...refused('another app', { status: 403 }), foreignCalls: [] },
]

describe('su-client-appid', () => {
  it('fails when the carrier was asked in another app’s name', () => {
    const posed = { ...refused('another app', { calls: [8] }), foreignCalls: [8] }
    expectFail(attack.judge({ attempts: [...quiet, posed], honest, baitCalls: [] }), 'carrier-call')
  })

  it('fails when the address that a login named was called', () => {
    expectFail(attack.judge({ attempts: quiet, honest, baitCalls: ['POST /unicom/api'] }), 'outside-call')
  })

  it('passes when what clients say is ignored or refused', () => {
    expect(attack.judge({ attempts: quiet, honest, baitCalls: [] }).outcome).toBe('pass')
  })

  it('is inconclusive when an honest login did not succeed either', () => {
    expect(attack.judge({ attempts: quiet, honest: refused('nothing said'), baitCalls: [] }).outcome).toBe('inconclusive')
  })
})
