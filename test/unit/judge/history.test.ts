import { describe, expect, it } from 'vitest'
import { renderHistory } from '../../../reports/html/history-page.ts'
import type { HistoryRun } from '../../../src/contract/history.ts'
import type { Result } from '../../../src/contract/result.ts'
import { historyOf } from '../../../src/judge/history.ts'
import { historyRun } from '../../../src/judge/history-run.ts'
import { samples } from '../../golden/samples.ts'

const sample = historyRun(samples[0]!.result)

function runOf(day: number, observed: number | null, more: Partial<HistoryRun> = {}): HistoryRun {
  const gate = { id: 'login.p99', title: 'login p99 ≤ 100 ms', outcome: 'pass', observed, limit: 100, unit: 'ms' } as const
  const startedAt = new Date(Date.UTC(2030, 0, day)).toISOString()
  return { ...sample, id: `run-${String(day).padStart(2, '0')}`, startedAt, gates: [gate], ...more }
}

/** Ten days at 40 ms and ten at 60, given newest first. */
const risen = Array.from({ length: 20 }, (_, i) =>
  runOf(i + 1, (i < 10 ? 40 : 60) + (i % 3), { target: i < 12 ? 'shop 1' : 'shop 2' }),
).reverse()

describe('a history', () => {
  it('names the run at which a figure changed its level, from what to what', () => {
    const [group] = historyOf(risen, []).groups
    expect(group?.trends[0]?.changes).toMatchObject([{ at: 10, before: 41, after: 61, alsoChanged: [] }])
  })

  it('names what else changed at that run', () => {
    const other = risen.map((run, i) => ({ ...run, tool: i < 10 ? '2' : '1' }))
    expect(historyOf(other, []).groups[0]?.trends[0]?.changes[0]?.alsoChanged).toEqual(['onetap: 1 → 2'])
  })

  it('does not put runs of different settings on one line', () => {
    const mixed = risen.map((run, i) => ({ ...run, setting: i < 10 ? 'new load' : 'old load' }))
    const { groups } = historyOf(mixed, [])
    expect(groups).toHaveLength(2)
    expect(groups.flatMap(group => group.trends.flatMap(({ changes }) => changes))).toEqual([])
  })

  it('does not call a change that is sure but small', () => {
    const small = risen.map(run => ({
      ...run,
      gates: run.gates.map(gate => ({ ...gate, observed: gate.observed! > 50 ? 41 : 40 })),
    }))
    expect(historyOf(small, []).groups[0]?.trends[0]?.changes).toEqual([])
  })

  it('counts figures, not runs: a run without one is a gap', () => {
    const gaps = risen.map((run, i) =>
      i % 2 === 0 ? run : { ...run, gates: run.gates.map(gate => ({ ...gate, observed: null })) },
    )
    const trend = historyOf(gaps.slice(0, 18), []).groups[0]?.trends[0]
    expect(trend?.notSought).toContain('9 figures are too few')
    expect(trend?.points).toHaveLength(18)
  })

  it('does not depend on the order in which folders are listed', () => {
    expect(historyOf([...risen].reverse(), [])).toEqual(historyOf(risen, []))
  })

  it('refuses a document whose parts are not what they should be', () => {
    const bad = { ...samples[0]!.result, gates: [{ id: 'x', title: 4 }] } as unknown as Result
    expect(() => historyRun(bad)).toThrow('gates/0/title is not a text')
  })

  it('shows hostile names as text', () => {
    const page = renderHistory(
      historyOf(
        [runOf(1, 4, { name: '<img src=x onerror=1>', target: '"><script>1</script>' })],
        [{ folder: '<b>', why: '<i>' }],
      ),
      () => undefined,
    )
    expect(page).not.toMatch(/<img|<script|<b>|<i>/)
    expect(page).toContain('&lt;img src=x')
  })
})
