import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/carrier-failure/cf-fail-closed.ts'
import type { Try } from '../../../attacks/kit/besieged.ts'
import type { Spell } from '../../../attacks/kit/fail-closed-cells.ts'
import type { Judgement } from '../../../src/contract/attack.ts'
import type { FailClosedMap } from '../../../src/contract/figures.ts'
import { expectFail } from './observed.ts'

const refused = (enemy: Try['enemy'], more: Partial<Try> = {}): Try => ({
  enemy,
  what: `${enemy} thing`,
  exchange: 4,
  status: 401,
  reading: 'refused',
  durationMs: 12,
  got: 'nothing',
  ...more,
})
const calm: Spell = {
  trouble: 'carrier-5xx',
  load: 'idle',
  missing: null,
  noReissued: null,
  met: true,
  tries: [refused('forged', { status: 502, reading: 'failed' }), refused('replayed'), refused('reissued')],
  recovered: true,
}
const absent: Spell = { ...calm, trouble: 'nonce-store-down', missing: 'no hook', met: false, tries: [] }
const without = (enemy: Try['enemy'], ...instead: Try[]): Try[] => [...calm.tries.filter(one => one.enemy !== enemy), ...instead]
const judge = (...spells: Spell[]): Judgement => attack.judge({ spells, load: null })

function mapOf({ figures }: Judgement): FailClosedMap {
  if (figures?.kind !== 'fail-closed-map') throw new Error('no map')
  return figures.map
}

describe('cf-fail-closed', () => {
  it('draws a cell for each enemy, and tells a plain no from an error', () => {
    const judgement = judge(calm, absent)
    expect(judgement.outcome).toBe('pass')
    expect(mapOf(judgement).cells.map(({ trouble, enemy, state }) => `${trouble} ${enemy} ${state}`)).toEqual([
      'carrier-5xx forged errored',
      'carrier-5xx replayed refused',
      'carrier-5xx reissued refused',
      'nonce-store-down forged not-applicable',
      'nonce-store-down replayed not-applicable',
      'nonce-store-down reissued not-applicable',
    ])
  })

  it('fails on one try that got in, whatever became of the others', () => {
    const judgement = judge({ ...calm, tries: [...calm.tries, refused('forged', { exchange: 9, status: 200, got: 'entry' })] })
    expectFail(judgement, 'credential')
    expect(mapOf(judgement).cells[0]).toMatchObject({ state: 'accepted', accepted: 1, errored: 1, exchanges: [9] })
  })

  it("fails on a former holder's session that works, also when the trouble was not met", () => {
    const tries = without('reissued', refused('reissued', { status: 200, reading: 'granted', got: 'entry' }))
    expectFail(judge({ ...calm, met: false, tries }), 'session-alive')
  })

  it('does not hold it against the target that a new holder reaches an account of their own', () => {
    const tries = without('reissued', refused('reissued', { status: 200, reading: 'granted', got: 'own' }))
    expect(mapOf(judge({ ...calm, tries })).cells[2]).toMatchObject({ state: 'refused', accepted: 0 })
  })

  it.each([
    ['the honest logins beside did not meet the trouble', [{ ...calm, met: false }]],
    ['nothing could be got ready', [{ ...calm, tries: without('replayed') }]],
    ['honest logins did not come back', [{ ...calm, recovered: false }]],
    ['no cell applied', [absent]],
  ])('is inconclusive when %s', (_, spells) => {
    expect(judge(...spells).outcome).toBe('inconclusive')
  })

  it('says of a silent answer that it was an error, not a refusal', () => {
    const silent = refused('replayed', { status: 0, reading: 'failed' })
    expect(mapOf(judge({ ...calm, tries: without('replayed', silent) })).cells[1]?.state).toBe('errored')
  })
})
