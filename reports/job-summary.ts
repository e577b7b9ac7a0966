import { defineReport } from '../src/contract/report.ts'
import type { Result } from '../src/contract/result.ts'
import {
  attackCounts,
  closing,
  folded,
  gateTable,
  head,
  loadTable,
  openAttacks,
  reasonList,
  validityList,
  withstoodList,
} from './markdown/parts.ts'
import { code, md, table, within } from './markdown/text.ts'
import { utf8Bytes } from './printable.ts'

/** GitHub drops the whole summary of a step above 1 MiB. */
export const MOST_SUMMARY_BYTES = 900_000

/** What is least needed stands last: it is what goes when the page is too long. */
export default defineReport({
  id: 'job-summary',
  about: 'Markdown for the summary of a CI job: all that the comment has, and checks, withstood attacks and set-up folded.',
  fileName: 'job-summary.md',
  render: result => within(parts(result), MOST_SUMMARY_BYTES, utf8Bytes),
})

function parts(result: Result): string[] {
  const load = result.load === null ? [] : ['### Load', loadTable(result.load)]
  return [
    head(result),
    reasonList(result, 40),
    '### Budgets',
    gateTable(result),
    validityList(result),
    '### Attacks',
    attackCounts(result),
    openAttacks(result, 200),
    ...load,
    closing(),
    withstoodList(result),
    validityChecks(result),
    setUp(result),
  ].filter(part => part !== undefined)
}

function validityChecks({ validity }: Result): string {
  const rows = validity.checks.map(check => [check.outcome, code(check.id), md(check.observed), md(check.limit)])
  return folded(`${validity.checks.length} checks of validity`, table(['Outcome', 'Check', 'Observed', 'Limit'], rows))
}

function setUp({ plan, tool, machine, target }: Result): string {
  const rows = [
    ['tool', `${tool.name} ${tool.version}, Node ${tool.node}${tool.engine === null ? '' : `, ${tool.engine}`}`],
    ['target', `${target.name}, ${target.url}`],
    ['machine', `${machine.os}, ${machine.cpu}, ${machine.cores} cores`],
    ['seed', String(plan.seed)],
  ]
  return folded(
    'Set-up',
    table(
      ['', ''],
      rows.map(row => row.map(md)),
    ),
  )
}
