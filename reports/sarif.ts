import { defineReport } from '../src/contract/report.ts'
import type { Result } from '../src/contract/result.ts'
import { plain } from './machine/plain-text.ts'
import { problemsOf } from './machine/problem.ts'
import { sarifResult } from './machine/sarif-result.ts'
import { cweTaxonomy, rulesOf } from './machine/sarif-rules.ts'

/**
 * SARIF 2.1.0 in the form that GitHub code scanning accepts whole: it refuses a file in which a single result has no place in the
 * repository, so each is pinned to a line of the target module or of the config. An attack without a verdict stays in as a note:
 * left out, code scanning would close the alert of the last run as fixed.
 */
export default defineReport({
  id: 'sarif',
  about: 'SARIF 2.1.0 for code scanning: findings and crossed budgets, pinned to the repository, with CWE and suppressions.',
  fileName: 'report.sarif',
  render,
})

function render(result: Result): string {
  const problems = problemsOf(result)
  const rules = rulesOf(result, problems)
  const { source } = result.plan
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: result.tool.name,
            version: result.tool.version,
            rules,
            supportedTaxonomies: [{ name: 'CWE', index: 0 }],
          },
        },
        // Its own category for each suite: several files of one commit would else replace each other.
        automationDetails: { id: `onetap/${slug(result.name)}/${result.id}` },
        invocations: [invocation(result)],
        taxonomies: [cweTaxonomy(result)],
        columnKind: 'utf16CodeUnits',
        results: problems.map(problem => sarifResult(problem, rules)),
        properties: {
          verdict: result.verdict,
          exitCode: result.exitCode,
          ...(source?.commit === undefined ? {} : { commit: source.commit }),
        },
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

/** Not successful = results may be missing; the reasons are told as notifications. */
function invocation(result: Result): object {
  const judged = result.verdict === 'pass' || result.verdict === 'fail'
  const start = Date.parse(result.time.startedAt)
  return {
    executionSuccessful: judged && result.ended === 'finished',
    exitCode: result.exitCode,
    startTimeUtc: new Date(start).toISOString(),
    endTimeUtc: new Date(start + Math.round(result.time.durationMs)).toISOString(),
    toolExecutionNotifications: result.reasons
      .filter(reason => !['HELD', 'ATTACK', 'BUDGET', 'ACCEPTED'].includes(reason.code))
      .map(reason => ({ level: 'warning', descriptor: { id: reason.code }, message: { text: plain(reason.text, 1024) } })),
  }
}

function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'run'
  )
}
