import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/carrier-failure/cf-malformed.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const away = { ...refused('china-mobile: empty', { status: 502, reading: 'failed' }), durationMs: 20, form: 'empty' as const }
const seen = { struck: [away], recovered: true }

describe('cf-malformed', () => {
  it('fails when a broken answer logs somebody in, whatever the long one did', () => {
    const page = { ...gotIn('china-mobile: within a web page'), durationMs: 20, form: 'page' as const }
    const long = { ...gotIn('china-mobile: of eight megabytes'), durationMs: 20, form: 'long' as const }
    expectFail(attack.judge({ ...seen, struck: [long, page] }), 'credential')
    expectFail(attack.judge({ ...seen, struck: [away, long] }), 'side-effect')
  })

  it('passes when each was turned away, by whatever status', () => {
    expect(attack.judge({ ...seen, struck: [away, { ...away, status: 401, reading: 'refused' }] }).outcome).toBe('pass')
  })

  it.each([
    ['no answer came', { ...seen, struck: [{ ...away, status: 0 }] }],
    ['nobody could log in afterwards', { ...seen, recovered: false }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
