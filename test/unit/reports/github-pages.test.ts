import { describe, expect, it } from 'vitest'
import annotations from '../../../reports/github-annotations.ts'
import summary, { MOST_SUMMARY_BYTES } from '../../../reports/job-summary.ts'
import { md } from '../../../reports/markdown/text.ts'
import comment, { commentMark, MOST_COMMENT_BYTES } from '../../../reports/markdown.ts'
import { utf8Bytes } from '../../../reports/printable.ts'
import type { Result } from '../../../src/contract/result.ts'
import { HOSTILE, hostileResult } from '../../e2e/hostile-result.ts'
import { samples } from '../../golden/samples.ts'

const sample = (name: string): Result => samples.find(one => one.name === name)!.result

/** A run in which so many attacks got in. */
function many(count: number, claim = 'Got in.'): Result {
  const result = sample('fail')
  const attack = result.attacks.find(({ outcome }) => outcome === 'fail')!
  const attacks = Array.from({ length: count }, (_, i) => ({ ...attack, id: `rp-${i}`, claim }))
  const checks = Array.from({ length: count }, (_, i) => ({
    id: `check-${i}`,
    outcome: 'inconclusive' as const,
    observed: '1',
    limit: '0',
    text: 'No.',
  }))
  return { ...result, attacks, gates: [], validity: { outcome: 'inconclusive', checks } }
}

describe('the GitHub annotations', () => {
  it('are ten of a kind at most, and the tenth says how many are left out', () => {
    const lines = annotations.render(many(40)).trimEnd().split('\n')
    const errors = lines.filter(line => line.startsWith('::error '))
    expect(errors).toHaveLength(10)
    expect(errors[9]).toContain('title=31 more::31 more are told')
    expect(lines.filter(line => line.startsWith('::warning '))).toHaveLength(10)
    expect(annotations.render(many(10))).not.toContain('more are told')
  })

  it('cannot be ended or joined by a target’s words', () => {
    const attacked = many(1, 'one\r\n::error file=x::two %0A three')
    const text = annotations.render({ ...attacked, validity: sample('pass').validity })
    expect(text.trimEnd().split('\n')).toHaveLength(1)
    expect(text).toContain('%250A three')
    for (const line of annotations
      .render(hostileResult(sample('fail')))
      .trimEnd()
      .split('\n')) {
      expect(line).toMatch(/^::(?:error|warning) file=[^:,]+,line=\d+,title=[^:,]*::[^\r\n]*$/)
    }
  })

  it('are empty for a run in which all held, and tell a run that was cut short first', () => {
    expect(annotations.render(sample('pass'))).toBe('')
    expect(annotations.render(sample('cut-short'))).toMatch(/^::error [^\n]*title=cut short::.*\(interrupted\)/)
  })
})

describe('the pages in Markdown', () => {
  it.each([
    ['comment', comment, MOST_COMMENT_BYTES],
    ['summary', summary, MOST_SUMMARY_BYTES],
  ] as const)('%s keeps its limit and says that more is left out', (_name, report, most) => {
    const long = report.render(many(2000, 'é'.repeat(5000)))
    expect(utf8Bytes(long)).toBeLessThanOrEqual(most)
    const result = sample('fail')
    const notes = result.gates.map(gate => ({ ...gate, text: 'x'.repeat(most) }))
    expect(report.render({ ...result, gates: notes })).toContain('More is left out')
    expect(report.render(result)).not.toContain('More is left out')
  })

  it('show foreign words as text: no element, no link, no mention, no row of a table', () => {
    expect(md('<b>@someone #12 [x](javascript:y) `z` a|b https://example.com')).toBe(
      '&#60;b&#62;@\u200bsomeone #\u200b12 &#91;x&#93;(javascript:y) &#96;z&#96; a&#124;b https:\u200b//example.com',
    )
    for (const report of [comment, summary]) {
      const text = report.render(hostileResult(sample('fail')))
      const marks = text.match(/<[^>]*>/g) ?? []
      const known = /^<(?:\/?(?:code|details|summary)|!-- onetap: [\w .]* --)>$/
      expect(marks.filter(mark => !known.test(mark))).toEqual([])
      expect(text).not.toContain('](')
    }
    expect(md('[x](y) @z')).toBe('&#91;x&#93;(y) @\u200bz')
    expect(md(HOSTILE)).not.toMatch(/[<>`]/)
  })

  it('say in words that a run was cut short', () => {
    expect(comment.render(sample('cut-short'))).toContain('**The run was cut short (interrupted)')
    expect(comment.render(sample('pass'))).not.toContain('cut short')
  })

  it('begin with a mark that does not change from run to run, and that no name can end', () => {
    const result = sample('pass')
    expect(commentMark({ ...result, id: 'other' })).toBe(commentMark(result))
    expect(commentMark({ ...result, name: 'x --> <b>' })).toBe('<!-- onetap: x b -->')
  })
})
