import { describe, expect, it } from 'vitest'
import { logTicks, msLabel, secondTicks } from '../../../reports/html/chart-frame.ts'
import { slotsOf } from '../../../reports/html/thin.ts'
import html, { MOST_PAGE_BYTES } from '../../../reports/html.ts'
import { utf8Bytes } from '../../../reports/printable.ts'
import type { TranscriptEntry } from '../../../src/contract/attack.ts'
import { histogramOf } from '../../../src/contract/histogram.ts'
import { judge } from '../../../src/judge/judge.ts'
import { samples } from '../../golden/samples.ts'
import {
  attackEvidenceOf,
  attackOf,
  attackPlanOf,
  GOT_IN,
  ledgerOf,
  loadOf,
  planOf,
  secondsOf,
  totalOf,
} from '../judge/evidence-builder.ts'

const failing = samples.find(sample => sample.name === 'fail')!.result

function exchange(id: number, body: string): TranscriptEntry {
  const request = { method: 'POST', url: 'http://127.0.0.1/login', headers: {}, body }
  return { id, op: 'oneTap', atMs: id, request, response: { status: 200, headers: {}, body, truncated: false } }
}

function withTranscript(exchanges: number, body: string) {
  const transcript = Array.from({ length: exchanges }, (_, id) => exchange(id, body))
  const ids = Array.from({ length: 12 }, (_, i) => `rp-${i}`)
  const evidence = ids.map(id => attackEvidenceOf(id, GOT_IN, { transcript }))
  return judge(
    ledgerOf({ load: null, attacks: evidence }),
    planOf({ load: null, budgets: [], attack: attackPlanOf() }),
    ids.map(id => attackOf(id)),
  )
}

describe('the HTML report', () => {
  it('gives the same bytes for the same result', () => expect(html.render(failing)).toBe(html.render(structuredClone(failing))))

  it('fetches nothing and forbids itself to', () => {
    const page = html.render(failing)
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:;`.replaceAll(
        "'",
        '&#39;',
      ),
    )
    expect(page).not.toMatch(/<link|@import|url\((?!#)|src=|\sstyle=/)
  })

  it('says why when it leaves something out, and stays light', () => {
    for (const body of ['x'.repeat(6000), '"<&\u4e2d'.repeat(1500)]) {
      const page = html.render(withTranscript(80, body))
      expect(utf8Bytes(page)).toBeLessThanOrEqual(MOST_PAGE_BYTES)
      expect(page).toContain('characters left out so that this page stays small')
      expect(page).toContain('more exchanges are left out so that this page stays small')
      expect(page).toContain('too large to be carried along')
    }
  })

  it('carries the result along when there is room', () =>
    expect(html.render(failing)).toContain('<script type="application/json" id="result">'))

  it('draws an hour without growing heavy, and says what a point stands for', () => {
    const load = loadOf({ durationMs: 3_600_000, seconds: secondsOf(3600, 2) })
    const page = html.render(judge(ledgerOf({ load }), planOf(), []))
    expect(utf8Bytes(page)).toBeLessThan(1_500_000)
    expect(page).toContain('Each row stands for 9 seconds')
  })

  it('is complete without load, without attacks, without anything', () => {
    const page = html.render(judge([], planOf(), []))
    expect(page).toContain('<title>ERROR: suite</title>')
    expect(page).toContain('The plan asks for load and no evidence of it was kept.')
    expect(html.render(judge([], planOf({ load: null, budgets: [] }), []))).toContain('The plan asks for no load.')
  })

  it('draws a load in which nobody was let in', () => {
    const refused = { second: 0, series: 'oneTap', outcome: 'refused', histogram: histogramOf([3, 4]) } as const
    const load = loadOf({ totals: [totalOf('oneTap', 'refused', 2000, 2, 9)], seconds: [refused] })
    const page = html.render(judge(ledgerOf({ load }), planOf(), []))
    expect(page).toContain('No login was granted, so there is no latency to draw.')
    expect(page).not.toMatch(/NaN|Infinity|undefined/)
  })

  it.each(samples.map(({ name, result }) => [name, result] as const))(
    'has no broken figure in the sample %s',
    (_name, result) => {
      const [shown = ''] = html.render(result).split('<script type="application/json"')
      expect(shown).not.toMatch(/NaN|Infinity|undefined|\[object/)
    },
  )
})

describe('columns made to fit a page', () => {
  const seconds = judge(ledgerOf({ load: loadOf({ durationMs: 800_000, seconds: secondsOf(800, 2) }) }), planOf(), []).load!
    .seconds

  it('show the worst second of a slot and counts per second', () => {
    const spiked = {
      ...seconds,
      loginP99Ms: seconds.loginP99Ms.map((ms, i) => (i === 3 ? 9999 : ms)),
      granted: seconds.granted.map((n, i) => (i === 3 ? 6 : n)),
    }
    const slots = slotsOf(spiked)
    expect([slots.secondsPerSlot, slots.start.length, slots.start[1]]).toEqual([2, 400, 2])
    expect(slots.columns.loginP99Ms[1]).toBe(9999)
    expect(slots.columns.granted[1]).toBe(4)
  })
  it('leave a slot without samples empty', () => {
    expect(slotsOf({ ...seconds, loginP99Ms: seconds.loginP99Ms.map(() => null) }).columns.loginP99Ms[0]).toBeNull()
  })
})

describe('axes', () => {
  it.each([
    [4, 900, [5, 10, 20, 50, 100, 200, 500]],
    [0.5, 20_000, [1, 10, 100, 1000, 10_000]],
  ])('from %s to %s ms are read by round figures', (low, high, ticks) => expect(logTicks(low, high, 7)).toEqual(ticks))
  it('have a label even when no round figure lies within', () => expect(logTicks(6, 8, 5)).toEqual([6, 8]))
  it('count seconds in steps people use', () => expect(secondTicks(60, 5)).toEqual([0, 15, 30, 45, 60]))
  it('turn milliseconds into seconds from one second up', () =>
    expect([msLabel(0.5), msLabel(500), msLabel(2000)]).toEqual(['0.5 ms', '500 ms', '2 s']))
})
