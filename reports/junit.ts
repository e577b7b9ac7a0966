import builders, { type TestCase, type TestSuite } from 'junit-report-builder'
import { acceptanceText } from '../src/contract/finding.ts'
import { exhaustive } from '../src/contract/json.ts'
import { defineReport } from '../src/contract/report.ts'
import type { AttackResult, Result } from '../src/contract/result.ts'
import type { Outcome } from '../src/contract/verdict.ts'
import { xmlText } from './printable.ts'
import { replayLine } from './wording.ts'

/**
 * JUnit has no standard; this keeps to the subset that Jenkins, GitLab and GitHub's readers share. Budgets, checks and attacks are
 * cases. Inconclusive is an `<error>`: readers count it as not green. A finding that is accepted is `<skipped>`, with the reason in
 * its output: readers show it and do not count it as red.
 */
export default defineReport({
  id: 'junit',
  about: 'JUnit XML for CI: each budget, check and attack is a test case; inconclusive is an error, never green.',
  fileName: 'junit.xml',
  render,
})

interface Case {
  className: string
  name: string
  outcome: Outcome | 'accepted'
  message: string
  output: string
  seconds: number
}

function render(result: Result): string {
  const document = builders.newBuilder().name(xmlText(result.name))
  const names = new Set<string>()
  const add = (name: string, seconds: number, cases: readonly Case[]): void => {
    if (cases.length === 0) return
    const suite = document.testSuite().name(name).time(seconds).timestamp(result.time.startedAt.slice(0, 19))
    for (const one of cases) addCase(suite, one, names)
  }
  const { load } = result
  add('run', result.time.durationMs / 1000, [runCase(result)])
  add(
    'validity',
    0,
    result.validity.checks.map(check => ({
      className: 'validity',
      name: check.id,
      outcome: check.outcome,
      message: `${check.text} (${check.observed}, limit ${check.limit})`,
      output: '',
      seconds: 0,
    })),
  )
  add(
    'budgets',
    load === null ? 0 : load.durationMs / 1000,
    result.gates.map(gate => ({
      className: gate.unit === 'attacks' ? 'budget.attacks' : 'budget.load',
      name: gate.title,
      outcome: gate.outcome,
      message: gate.text,
      output: `${gate.samples} samples, ${gate.minSamples} needed`,
      seconds: 0,
    })),
  )
  add(
    'attacks',
    result.attacks.reduce((sum, attack) => sum + attack.durationMs / 1000, 0),
    result.attacks.map(attackCase),
  )
  return `${document.build()}\n`
}

/** The run as a whole: without it a run that died before anything was judged would be a report without a red case. */
function runCase(result: Result): Case {
  return {
    className: 'run',
    name: 'verdict',
    outcome: result.verdict,
    message: `${result.verdict}, exit code ${result.exitCode}`,
    output: [
      ...result.reasons.map(reason => `${reason.code}: ${reason.text}`),
      ...(result.suppressions ?? []).map(({ text }) => text),
    ].join('\n'),
    seconds: result.time.durationMs / 1000,
  }
}

function attackCase(attack: AttackResult): Case {
  const { judgement, finding } = attack
  const accepted = finding === undefined ? undefined : acceptanceText(finding.standing)
  const lines = [
    ...(accepted === undefined ? [] : [accepted]),
    attack.about,
    ...(judgement?.expected === undefined ? [] : [`expected: ${judgement.expected}`]),
    ...(judgement?.observed === undefined ? [] : [`observed: ${judgement.observed}`]),
    ...(judgement?.proof === undefined ? [] : [`proof (${judgement.proof.kind}): ${judgement.proof.text}`]),
    `severity: ${attack.severity}${attack.cwe.map(cwe => `, CWE-${cwe}`).join('')}`,
    ...(finding === undefined ? [] : [`finding: ${finding.id}`, `replay: ${replayLine(finding)}`]),
    `again: ${attack.reproduce}`,
  ]
  return {
    className: `attack.${attack.family}`,
    name: attack.id,
    outcome: accepted === undefined ? attack.outcome : 'accepted',
    message: attack.claim,
    output: lines.join('\n'),
    seconds: attack.durationMs / 1000,
  }
}

/** GitLab drops a second case of the same class and name without a word, so the pair is kept unique. */
function addCase(suite: TestSuite, one: Case, names: Set<string>): void {
  const wanted = xmlText(one.name)
  let name = wanted
  for (let n = 2; names.has(`${one.className} ${name}`); n++) name = `${wanted} (${n})`
  names.add(`${one.className} ${name}`)
  const output =
    one.outcome === 'not-applicable' || one.outcome === 'accepted'
      ? [one.message, one.output].filter(text => text !== '').join('\n')
      : one.output
  const testCase = suite.testCase().className(one.className).name(name).time(one.seconds)
  mark(testCase, one.outcome, xmlText(one.message))
  // The library ends the CDATA section at the second `]]>` of a text: it splits only the first.
  if (output !== '') testCase.standardOutput(xmlText(output).replaceAll(']]>', ']] >'))
}

function mark(testCase: TestCase, outcome: Case['outcome'], message: string): void {
  switch (outcome) {
    case 'pass':
      return
    case 'fail':
      testCase.failure(message, 'fail')
      return
    case 'inconclusive':
    case 'error':
      testCase.error(message, outcome)
      return
    case 'not-applicable':
    case 'accepted':
      testCase.skipped()
      return
    default:
      exhaustive(outcome)
  }
}
