import { exhaustive } from '../src/contract/json.ts'
import { defineReport } from '../src/contract/report.ts'
import type { Result } from '../src/contract/result.ts'
import { type Case, casesOf } from './machine/cases.ts'
import { xmlText } from './printable.ts'

/** Version of the Common Test Report Format this is written to. */
const SPEC_VERSION = '0.0.0'

/** CTRF has no word for latency and none for inconclusive: what came to no verdict is `failed`, and its own word is `rawStatus`. */
export default defineReport({
  id: 'ctrf',
  about: 'Common Test Report Format (CTRF) JSON: the cases of the JUnit report for tools that read CTRF.',
  fileName: 'ctrf.json',
  render,
})

type Status = 'passed' | 'failed' | 'skipped'

function render(result: Result): string {
  const tests = casesOf(result).map(testOf)
  const count = (status: Status): number => tests.filter(test => test.status === status).length
  const start = Date.parse(result.time.startedAt)
  const { source } = result.plan
  const document = {
    reportFormat: 'CTRF',
    specVersion: SPEC_VERSION,
    generatedBy: `${result.tool.name} ${result.tool.version}`,
    results: {
      tool: { name: result.tool.name, version: result.tool.version },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        pending: 0,
        skipped: count('skipped'),
        other: 0,
        suites: new Set(tests.map(test => test.suite[0])).size,
        start,
        stop: start + Math.round(result.time.durationMs),
      },
      tests,
      environment: {
        reportName: xmlText(result.name),
        appName: xmlText(result.target.name),
        osPlatform: xmlText(result.machine.os),
        ...(source?.commit === undefined ? {} : { commit: source.commit }),
        ...(source?.branch === undefined ? {} : { branchName: source.branch }),
      },
      extra: { run: result.id, verdict: result.verdict, exitCode: result.exitCode },
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

interface Test {
  name: string
  status: Status
  duration: number
  suite: [string]
  rawStatus: string
  message?: string
  stdout?: string[]
}

function testOf(one: Case): Test {
  return {
    name: `${one.className}: ${xmlText(one.name)}`,
    status: statusOf(one.outcome),
    duration: Math.round(one.seconds * 1000),
    suite: [one.suite],
    rawStatus: one.outcome,
    ...(one.message === '' ? {} : { message: xmlText(one.message) }),
    ...(one.output === '' ? {} : { stdout: xmlText(one.output).split('\n') }),
  }
}

function statusOf(outcome: Case['outcome']): Status {
  switch (outcome) {
    case 'pass':
      return 'passed'
    case 'fail':
    case 'inconclusive':
    case 'error':
      return 'failed'
    case 'not-applicable':
    case 'accepted':
      return 'skipped'
    default:
      return exhaustive(outcome)
  }
}
