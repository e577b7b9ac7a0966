import builders, { type TestCase, type TestSuite } from 'junit-report-builder'
import { exhaustive } from '../src/contract/json.ts'
import { defineReport } from '../src/contract/report.ts'
import type { Result } from '../src/contract/result.ts'
import { type Case, casesOf } from './machine/cases.ts'
import { xmlText } from './printable.ts'

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

function render(result: Result): string {
  const document = builders.newBuilder().name(xmlText(result.name))
  const names = new Set<string>()
  const cases = casesOf(result)
  for (const name of ['run', 'validity', 'budgets', 'attacks'] as const) {
    const mine = cases.filter(one => one.suite === name)
    if (mine.length === 0) continue
    const suite = document
      .testSuite()
      .name(name)
      .time(secondsOf(name, mine, result))
    suite.timestamp(result.time.startedAt.slice(0, 19))
    for (const one of mine) addCase(suite, one, names)
  }
  // On the root element `skipped` is the library's own: Jenkins' schema does not know it there.
  return `${document.build().replace(/^(<testsuites(?: \w+="[^"]*")*?) skipped="\d+"/m, '$1')}\n`
}

function secondsOf(suite: Case['suite'], cases: readonly Case[], { load }: Result): number {
  if (suite === 'budgets') return load === null ? 0 : wholeMs(load.durationMs / 1000)
  return wholeMs(cases.reduce((sum, one) => sum + one.seconds, 0))
}

/** Jenkins' schema takes three decimals and no more. */
function wholeMs(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
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
  const testCase = suite.testCase().className(one.className).name(name).time(wholeMs(one.seconds))
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
