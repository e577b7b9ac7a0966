import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import junit from '../../../reports/junit.ts'
import { oneLine, xmlText } from '../../../reports/printable.ts'
import { judge } from '../../../src/judge/judge.ts'
import {
  attackEvidenceOf,
  attackOf,
  attackPlanOf,
  GOT_IN,
  ledgerOf,
  loadOf,
  p99Budget,
  planOf,
  UNCLEAR,
  WITHSTOOD,
} from '../judge/evidence-builder.ts'

const attacks = ['rp-one', 'rp-two', 'rp-three', 'rp-four'].map(id => attackOf(id))
const evidence = [
  attackEvidenceOf('rp-one', WITHSTOOD),
  attackEvidenceOf('rp-two', GOT_IN),
  attackEvidenceOf('rp-three', UNCLEAR),
  attackEvidenceOf('rp-four', WITHSTOOD, { status: 'not-applicable', reason: 'no JWT' }),
]
const plan = planOf({ attack: attackPlanOf(), budgets: [p99Budget(500), p99Budget(500)] })
const xml = junit.render(judge(ledgerOf({ attacks: evidence }), plan, attacks))

function caseOf(text: string, name: string): string {
  return new RegExp(`<testcase [^>]*name="${name}"[^>]*?(?:/>|>.*?</testcase>)`, 's').exec(text)?.[0] ?? ''
}

describe('the JUnit report', () => {
  it('shows a withstood attack as a plain case', () => expect(caseOf(xml, 'rp-one')).not.toMatch(/<(failure|error|skipped)/))
  it('shows an attack that got in as a failure', () => expect(caseOf(xml, 'rp-two')).toContain('<failure message="A used token'))
  it('shows an open attack as an error', () => expect(caseOf(xml, 'rp-three')).toContain('<error '))
  it('shows what is not applicable as skipped', () => expect(caseOf(xml, 'rp-four')).toContain('<skipped'))
  it('counts what it shows', () => expect(xml).toMatch(/<testsuites [^>]*failures="2" errors="1"/))
  it('writes seconds with a dot', () => expect(caseOf(xml, 'rp-one')).toContain('time="0.12"'))

  it('names no two cases alike', () => {
    const pairs = [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(match => `${match[1]} ${match[2]}`)
    expect(pairs.length).toBeGreaterThan(20)
    expect(new Set(pairs).size).toBe(pairs.length)
  })

  it('has a red case for a run that died before anything was judged', () => {
    const dead = junit.render(judge([], planOf(), []))
    expect(caseOf(dead, 'verdict')).toContain('<error ')
  })

  it('shows an invalid check as an error, and the budget it holds back', () => {
    const invalid = junit.render(judge(ledgerOf({ load: loadOf({ dropped: 5 }) }), planOf(), []))
    expect(caseOf(invalid, 'dropped-arrivals')).toContain('<error ')
    expect(caseOf(invalid, 'login p99 ≤ 500 ms')).toContain('<error ')
  })
})

describe('hostile words in the JUnit report', () => {
  it('cannot end the CDATA section they stand in, however often they try', () => {
    const claim = 'a ]]> b ]]> c ]]]]>> d'
    const evil = { ...GOT_IN, claim, expected: claim, observed: claim }
    const text = junit.render(judge(ledgerOf({ attacks: [attackEvidenceOf('rp-one', evil)] }), plan, attacks))
    const outputs = [...text.matchAll(/<system-out><!\[CDATA\[(.*?)\]\]><\/system-out>/gs)].map(match => match[1] ?? '')
    expect(outputs.some(output => output.includes('a ]] > b ]] > c ]]]] >> d'))).toBe(true)
    expect(outputs.filter(output => output.includes(']]>'))).toEqual([])
  })
})

describe('text for XML', () => {
  it('loses terminal colours, control characters and halves of surrogate pairs', () => {
    expect(xmlText('a\u001b[31mred\u001b[0m\u0000\u0008b\ud800c\ufffe')).toBe('aredbc')
    expect(xmlText('tab\tline\n')).toBe('tab\tline\n')
    expect(xmlText('\u{1F4F1}')).toBe('\u{1F4F1}')
  })
  it('holds nothing that XML 1.0 forbids, whatever came in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        for (const char of xmlText(text)) {
          const code = char.codePointAt(0)!
          const allowed =
            code === 9 ||
            code === 10 ||
            code === 13 ||
            (code >= 0x20 && code <= 0xd7ff) ||
            (code >= 0xe000 && code <= 0xfffd) ||
            code >= 0x10000
          expect(allowed, code.toString(16)).toBe(true)
        }
      }),
    )
  })
  it('is one line where one is asked for', () => expect(oneLine(' a\r\n\tb\u2028c\u001b[2K ')).toBe('a b c'))
})
