import { describe, expect, it } from 'vitest'
import html from '../../../reports/html.ts'
import json from '../../../reports/json.ts'
import junit from '../../../reports/junit.ts'
import terminal from '../../../reports/terminal.ts'
import { judge } from '../../../src/judge/judge.ts'
import { attackEvidenceOf, attackOf, attackPlanOf, GOT_IN, ledgerOf, planOf, WITHSTOOD } from '../judge/evidence-builder.ts'

const attacks = [attackOf('rp-one'), attackOf('rp-two')]
const suppress = [
  { id: 'rp-one', reason: 'Waits for a release.', until: '2999-12-31', owner: 'login team' },
  { id: 'rp-two', reason: 'Was known once.', until: '2999-12-30' },
]
const plan = planOf({ load: null, attack: attackPlanOf({ suppress }), budgets: [] })
const evidence = [attackEvidenceOf('rp-one', GOT_IN), attackEvidenceOf('rp-two', WITHSTOOD)]
const result = judge(ledgerOf({ load: null, attacks: evidence }), plan, attacks)
const finding = result.attacks[0]?.finding?.id ?? 'none'

describe.each([terminal, html, junit, json])('the $id report', report => {
  const text = report.render(result)

  it('shows what is accepted with reason, end and owner, and the finding by its id', () => {
    for (const part of ['Waits for a release.', '2999-12-31', 'login team', finding]) expect(text).toContain(part)
  })

  it('shows a suppression that covers nothing', () => {
    for (const part of ['Was known once.', '2999-12-30', 'not used']) expect(text).toContain(part)
  })
})

describe('what is accepted', () => {
  it('is skipped in JUnit, neither a failure nor a plain case', () => {
    const one = /<testcase [^>]*name="rp-one".*?<\/testcase>/s.exec(junit.render(result))?.[0] ?? ''
    expect(one).toContain('<skipped')
    expect(one).not.toContain('<failure')
    expect(one).toContain('A used token logged in again.')
  })

  it('keeps the sign of an attack that got in, and the line that replays it', () => {
    const text = terminal.render(result)
    expect(text).toMatch(/✗ fail +rp-one/)
    expect(text).toContain(`npx onetap replay ${finding}`)
    expect(html.render(result)).toContain('1 of 2 got in (1 accepted)')
  })

  it('is not called all that was asked for', () => {
    expect(terminal.render(result)).toContain('Everything held but for what is known and accepted.')
  })
})
