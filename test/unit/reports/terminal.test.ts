import { describe, expect, it } from 'vitest'
import terminal, { renderTerminal } from '../../../reports/terminal.ts'
import { duration, number, percent } from '../../../reports/wording.ts'
import { judge } from '../../../src/judge/judge.ts'
import { attackEvidenceOf, attackOf, attackPlanOf, GOT_IN, ledgerOf, loadOf, planOf } from '../judge/evidence-builder.ts'

const plan = planOf({ attack: attackPlanOf() })
const attack = attackOf('rp-one')
const result = judge(ledgerOf({ attacks: [attackEvidenceOf('rp-one', GOT_IN)], load: loadOf({ dropped: 3 }) }), plan, [attack])
const ESC = '\u001b'

describe('the terminal report', () => {
  const text = terminal.render(result)

  it('tells verdict, exit code, reasons, budgets, attacks and what was not valid', () => {
    expect(text).toContain('✗ FAIL  suite  exit code 1')
    expect(text).toContain('ATTACK  rp-one: A used token logged in again.')
    expect(text).toMatch(/\? inconclusive\s+248 ms\s+login p99 ≤ 500 ms/)
    expect(text).toContain('again: npx onetap attack rp-one --seed 7')
    expect(text).toContain('dropped-arrivals: Arrivals were dropped')
  })
  it('has colours only when asked', () => {
    expect(text).not.toContain(ESC)
    expect(renderTerminal(result, { colour: true, width: 0 })).toContain(`${ESC}[31m`)
  })
  it('says where the report lies', () => {
    expect(renderTerminal(result, { colour: false, width: 0, report: 'out/report.html' })).toContain('Report: out/report.html\n')
  })
  it('keeps to the width, colours not counted', () => {
    for (const line of renderTerminal(result, { colour: true, width: 60 }).split('\n')) {
      expect(
        [
          ...line
            .split(ESC)
            .map((part, i) => (i === 0 ? part : part.replace(/^\[\d+m/, '')))
            .join(''),
        ].length,
      ).toBeLessThanOrEqual(60)
    }
  })
  it('lets no target move the cursor or forge a line', () => {
    const hostile = { ...result, target: { ...result.target, name: `evil${ESC}[2J\r\n✓ PASS` }, name: `x${ESC}]0;title\u0007` }
    const shown = renderTerminal(hostile, { colour: false, width: 0 })
    expect(shown).not.toContain(ESC)
    expect(shown).toContain('evil ✓ PASS, run')
  })
})

describe('figures in words', () => {
  it.each([
    [null, '–'],
    [Number.NaN, '–'],
    [0, '0'],
    [0.1234, '0.12'],
    [12.34, '12.3'],
    [248.4, '248'],
    [1234567, '1\u202f234\u202f567'],
  ])('%s is %s', (value, text) => expect(number(value)).toBe(text))
  it.each([
    [0, '0 %'],
    [0.001, '0.10 %'],
    [0.155, '15.5 %'],
    [1, '100 %'],
    [null, '–'],
  ])('the share %s is %s', (value, text) => expect(percent(value)).toBe(text))
  it.each([
    [1500, '1.50 s'],
    [61_000, '61 s'],
    [250_000, '4 min 10 s'],
  ])('%i ms are %s', (value, text) => expect(duration(value)).toBe(text))
})

describe('a run that met trouble before anything was sent', () => {
  const trouble = {
    code: 'TARGET_DIED' as const,
    message: 'the target ended before it answered: Error: no such file',
    hint: 'command: node server.js',
  }
  const nothing = judge(
    ledgerOf({ load: null, attacks: [], extra: [{ kind: 'trouble', error: trouble }], ended: 'failed' }),
    plan,
    [attack],
  )
  const text = renderTerminal(nothing, { colour: false, width: 70 })

  it('tells the trouble, what to do about it, and how much was not run, and no more', () => {
    expect(text).toContain('TARGET_DIED  the target ended before it answered: Error: no such')
    expect(text).toContain('    hint: command: node server.js')
    expect(text).toContain('1 attacks were not run')
    expect(text.split('\n').length).toBeLessThan(10)
  })
})

describe('attacks that are open for the same reason', () => {
  const open = (id: string, claim: string) => ({ ...result.attacks[0]!, id, outcome: 'inconclusive' as const, claim })
  const attacks = [open('rp-one', 'Nobody is let in.'), open('rp-two', 'Nobody is let in.'), open('rp-three', 'Cut short.')]
  const text = renderTerminal({ ...result, reasons: [], attacks }, { colour: false, width: 0 })

  it('are each named, and the reason is told once', () => {
    expect(text.match(/Nobody is let in/g)).toHaveLength(1)
    expect(text).toMatch(/inconclusive\s+rp-two\s+high\s+as rp-one\n/)
    expect(text).toContain('Cut short.')
  })

  it('but attacks that got in are each told in full', () => {
    const got = attacks.map(one => ({ ...one, outcome: 'fail' as const }))
    const shown = renderTerminal({ ...result, reasons: [], attacks: got }, { colour: false, width: 0 })
    expect(shown.match(/Nobody is let in/g)).toHaveLength(2)
  })
})

describe('long sentences', () => {
  it('are broken between words, not cut', () => {
    const wordy = {
      ...result,
      reasons: [{ code: 'ATTACK', ref: '', text: 'one two three four five six seven eight nine ten eleven twelve' }],
    }
    const text = renderTerminal(wordy, { colour: false, width: 40 })
    expect(text).toContain('twelve')
    for (const line of text.split('\n').slice(3, 6)) expect(line.length).toBeLessThanOrEqual(40)
  })
})
