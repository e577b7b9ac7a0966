/** A new part and its test, ready to be written to disk. Both compile; the test is red until the part does something. */
export interface NewPart {
  file: string
  text: string
  testFile: string
  testText: string
}

/** `family` is one of ATTACK_FAMILIES. The id starts with its letters, as the others do. */
export function attackTemplate(id: string, family: string): NewPart {
  return {
    file: `attacks/${family}/${id}.ts`,
    text: lines(
      "import { defineAttack } from '../../src/contract/attack.ts'",
      '',
      '/** What the enemy does here, and why a backend falls for it. */',
      'export default defineAttack<{ loginStatus: number; possessed: string | null; exchange: number }>({',
      '  meta: {',
      `    id: '${id}',`,
      `    family: '${family}',`,
      "    title: 'TODO: what goes wrong when it works, in a few words',",
      "    about: 'TODO: what the enemy does and what it would prove.',",
      "    severity: 'high',",
      '    cwe: [],',
      '    asvs: [],',
      '    api2023: [],',
      "    has: 'TODO: what the attacker owns',",
      "    needs: ['oneTap', 'me'],",
      '    notices: [],',
      '  },',
      '',
      '  async observe(lab) {',
      '    const handset = await lab.handset()',
      '    const exchange = await lab.login(handset)',
      '    const found = await lab.possess(exchange)',
      '    return { loginStatus: exchange.status, possessed: found?.account ?? null, exchange: exchange.id }',
      '  },',
      '',
      '  judge(_observation) {',
      "    return { outcome: 'inconclusive', claim: 'TODO: judge what was observed' }",
      '  },',
      '})',
    ),
    testFile: `test/unit/attacks/${id}.test.ts`,
    testText: lines(
      "import { expect, it } from 'vitest'",
      `import attack from '../../../attacks/${family}/${id}.ts'`,
      '',
      "it('passes when the backend refused and nothing was got', () => {",
      "  expect(attack.judge({ loginStatus: 401, possessed: null, exchange: 1 }).outcome).toBe('pass')",
      '})',
      '',
      "it('fails with proof when a credential works', () => {",
      "  const judgement = attack.judge({ loginStatus: 200, possessed: 'account-1', exchange: 1 })",
      "  expect(judgement.outcome).toBe('fail')",
      '  expect(judgement.proof?.exchanges).toEqual([1])',
      '})',
    ),
  }
}

export function scenarioTemplate(id: string): NewPart {
  return {
    file: `scenarios/${id}.ts`,
    text: lines(
      "import { defineScenario, type Flow } from '../src/contract/flow.ts'",
      '',
      '/** What an honest user does here. */',
      'export default defineScenario({',
      `  id: '${id}',`,
      "  about: 'TODO: a sentence for the list of scenarios.',",
      "  needs: ['oneTap'],",
      "  exchange: 'oneTap',",
      '  *flow(_visit): Flow {',
      '    // Yield one step at a time; the reply comes back as its value. Return when the visit is over.',
      '  },',
      '})',
    ),
    testFile: `test/unit/scenarios/${id}.test.ts`,
    testText: lines(
      "import { expect, it } from 'vitest'",
      `import scenario from '../../../scenarios/${id}.ts'`,
      '',
      "it('begins with a step', () => {",
      "  const visit = { index: 0, carrier: 'china-unicom', appId: 'app', token: 'token', has: () => true } as const",
      '  expect(scenario.flow(visit).next().done).toBe(false)',
      '})',
    ),
  }
}

export function reportTemplate(id: string): NewPart {
  return {
    file: `reports/${id}.ts`,
    text: lines(
      "import { defineReport } from '../src/contract/report.ts'",
      '',
      '/** Who reads this and what they look for. */',
      'export default defineReport({',
      `  id: '${id}',`,
      "  about: 'TODO: a sentence for the list of reports.',",
      `  fileName: '${id}.txt',`,
      "  render: _result => '',",
      '})',
    ),
    testFile: `test/unit/reports/${id}.test.ts`,
    testText: lines(
      "import { expect, it } from 'vitest'",
      `import report from '../../../reports/${id}.ts'`,
      "import type { Result } from '../../../src/contract/result.ts'",
      '',
      "it('says the verdict', () => {",
      "  const result = { verdict: 'fail', gates: [], attacks: [], reasons: [], load: null } as unknown as Result",
      "  expect(report.render(result)).toContain('fail')",
      '})',
    ),
  }
}

function lines(...text: readonly string[]): string {
  return `${text.join('\n')}\n`
}
