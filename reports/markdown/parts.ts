import { acceptanceText } from '../../src/contract/finding.ts'
import type { AttackResult, LoadResult, Result } from '../../src/contract/result.ts'
import { cutText } from '../machine/plain-text.ts'
import { duration, gateFigure, milliseconds, number, replayLine, seriesTitle, signOf, verdictSentence } from '../wording.ts'
import { code, md, table } from './text.ts'

/** The verdict and what it is about. */
export function head(result: Result): string {
  const { source } = result.plan
  const commit = source?.commit === undefined ? '' : `, commit ${code(source.commit.slice(0, 10))}`
  return [
    `## ${signOf(result.verdict)} ${result.verdict.toUpperCase()}: ${md(result.name)}`,
    `${verdictSentence(result)} Exit code ${result.exitCode}; target ${md(result.target.name)}${commit}; took ${duration(result.time.durationMs)}; run ${code(result.id)}.`,
    ...(result.ended === 'finished' ? [] : [`**The run was cut short (${result.ended}): what follows is a part of it.**`]),
  ].join('\n\n')
}

export function reasonList(result: Result, most: number): string {
  const { reasons } = result
  const lines = reasons
    .slice(0, most)
    .map(reason => `- **${md(reason.code.replaceAll('_', ' '))}** ${md(cutText(reason.text, 600))}`)
  return [...lines, ...(reasons.length > most ? [`- and ${reasons.length - most} more`] : [])].join('\n')
}

export function gateTable(result: Result): string {
  if (result.gates.length === 0) return 'The plan sets no budget.'
  return table(
    ['', 'Budget', 'Observed', 'Samples', 'What it rests on'],
    result.gates.map(gate => [
      `${signOf(gate.outcome)} ${gate.outcome}`,
      md(gate.title),
      gateFigure(gate.observed, gate.unit),
      `${number(gate.samples)} (${number(gate.minSamples)} needed)`,
      md(gate.text),
    ]),
  )
}

/** Absent when the evidence may be judged. */
export function validityList(result: Result): string | undefined {
  const unfit = result.validity.checks.filter(check => check.outcome === 'inconclusive')
  if (unfit.length === 0) return undefined
  const lines = unfit.map(check => `- ${code(check.id)}: ${md(check.text)} (${md(check.observed)}, limit ${md(check.limit)})`)
  return ['### Not valid', lines.join('\n')].join('\n\n')
}

export function attackCounts({ attacks }: Result): string {
  if (attacks.length === 0) return 'No attack was asked for.'
  const count = (...outcomes: AttackResult['outcome'][]): number => attacks.filter(one => outcomes.includes(one.outcome)).length
  return `${count('fail')} of ${attacks.length} attacks got in, ${count('pass')} were withstood, ${count('inconclusive', 'error')} came to no verdict, ${count('not-applicable')} do not apply.`
}

/** One line for each attack that got in or came to no verdict. */
export function openAttacks({ attacks }: Result, most: number): string | undefined {
  const shown = attacks.filter(({ outcome }) => outcome === 'fail' || outcome === 'inconclusive' || outcome === 'error')
  if (shown.length === 0) return undefined
  const rows = shown.slice(0, most).map(attack => {
    const accepted = attack.finding === undefined ? undefined : acceptanceText(attack.finding.standing)
    const says = `${md(cutText(attack.claim, 500))}${accepted === undefined ? '' : ` **${md(accepted)}**`}`
    const again = attack.finding === undefined ? attack.reproduce : replayLine(attack.finding)
    return [`${signOf(attack.outcome)} ${attack.outcome}`, code(attack.id), attack.severity, says, code(again)]
  })
  const more = shown.length > most ? `\n\n${shown.length - most} more are in report.html.` : ''
  return `${table(['', 'Attack', 'Severity', 'What came of it', 'Again'], rows)}${more}`
}

export function withstoodList({ attacks }: Result): string | undefined {
  const held = attacks.filter(({ outcome }) => outcome === 'pass')
  if (held.length === 0) return undefined
  const rows = held.map(attack => [code(attack.id), attack.severity, md(cutText(attack.claim, 300))])
  return folded(`${held.length} attacks that were tried and did not succeed`, table(['Attack', 'Severity', 'Claim'], rows))
}

export function loadTable(load: LoadResult): string {
  const rate = load.offeredPerSecond === null ? '' : ` of ${number(load.offeredPerSecond)} offered`
  const shown = load.summaries.filter(one => one.outcome === 'granted' && one.count > 0)
  return [
    `${md(`${load.engine.id} ${load.engine.version}`)} (${load.engine.model} model): ${number(load.achievedPerSecond)}/s${rate} for ${duration(load.durationMs)}; ${number(load.dropped)} dropped.`,
    table(
      ['Granted', 'count', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'],
      shown.map(one => [
        seriesTitle(one.series),
        number(one.count),
        ...[one.p50Ms, one.p95Ms, one.p99Ms, one.maxMs].map(milliseconds),
      ]),
    ),
  ].join('\n\n')
}

export function folded(summary: string, body: string): string {
  return `<details><summary>${md(summary)}</summary>\n\n${body}\n\n</details>`
}

export function closing(): string {
  return 'The page with charts, evidence and scripts to repeat each finding is `report.html` of this run.'
}
