import { boundText } from '../src/contract/figures.ts'
import { acceptanceText } from '../src/contract/finding.ts'
import { defineReport } from '../src/contract/report.ts'
import type { AttackResult, Gate, LoadResult, Result } from '../src/contract/result.ts'
import type { Outcome } from '../src/contract/verdict.ts'
import { honestUnderAttack } from './honest-under-attack.ts'
import { oneLine } from './printable.ts'
import { duration, gateFigure, milliseconds, number, replayLine, seriesTitle, signOf, verdictSentence } from './wording.ts'

export interface TerminalOptions {
  colour: boolean
  /** Columns; longer lines are cut. 0 = never cut. */
  width: number
  /** Where the full report lies, shown in the last line. */
  report?: string
}

export default defineReport({
  id: 'terminal',
  about: 'Plain text for people at a terminal and for logs: verdict and reasons, budgets, attacks.',
  fileName: 'summary.txt',
  render: result => renderTerminal(result, { colour: false, width: 0 }),
})

/** The summary as text, with a line feed at the end. What a target said is printed on one line without control characters. */
export function renderTerminal(result: Result, options: TerminalOptions): string {
  const paint = painter(options.colour)
  const lines = nothingMeasured(result) ? shortTale(result, paint, options.width) : wholeTale(result, options, paint)
  if (options.report !== undefined) lines.push('', `Report: ${options.report}`)
  return `${lines.map(line => cut(line, options.width)).join('\n')}\n`
}

/** The run met trouble before anything was sent to the target: the trouble is all there is to say. */
function nothingMeasured(result: Result): boolean {
  return result.trouble.length > 0 && result.load === null && result.attacks.every(attack => attack.requests === 0)
}

function shortTale(result: Result, paint: Paint, width: number): string[] {
  const left = result.attacks.length === 0 ? [] : [`  ${result.attacks.length} attacks were not run; no gate was judged.`]
  return [...title(result, paint), ...result.trouble.flatMap(trouble => troubleLines(trouble, paint, width)), ...left]
}

function troubleLines(trouble: Result['trouble'][number], paint: Paint, width: number): string[] {
  const hint = trouble.hint === undefined ? [] : wrap(`hint: ${oneLine(trouble.hint)}`, width, '    ')
  return [...wrap(`${paint('error', trouble.code)}  ${oneLine(trouble.message)}`, width, '  '), ...hint]
}

function wholeTale(result: Result, options: TerminalOptions, paint: Paint): string[] {
  return [
    ...title(result, paint),
    ...reasonLines(result, options.width),
    ...section(
      'Budgets',
      result.gates.map(gate => gateLine(gate, paint)),
      paint,
    ),
    ...section('Load', result.load === null ? [] : loadLines(result.load), paint),
    ...section(
      'Attacks',
      result.attacks.flatMap((attack, i) => attackLines(attack, toldBefore(result.attacks, i), paint, options.width)),
      paint,
    ),
    ...section('Honest users while enemies send', honestUnderAttack(result.attackCost), paint),
    ...section('Not valid', invalidLines(result, paint, options.width), paint),
    ...section(
      'Notes',
      result.notes.map(note => `  ${oneLine(note)}`),
      paint,
    ),
  ]
}

type Paint = (outcome: Outcome | 'strong' | 'faint', text: string) => string

// Blue and yellow beside red, not green beside red: told apart by most colour-blind eyes. The sign says it as well.
const CODES = { pass: '36', fail: '31', inconclusive: '33', error: '35', 'not-applicable': '2', strong: '1', faint: '2' } as const

function painter(colour: boolean): Paint {
  return (style, text) => (colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text)
}

function title(result: Result, paint: Paint): string[] {
  const word = paint(result.verdict, paint('strong', `${signOf(result.verdict)} ${result.verdict.toUpperCase()}`))
  return [
    `${word}  ${oneLine(result.name)}  ${paint('faint', `exit code ${result.exitCode}`)}`,
    verdictSentence(result),
    paint('faint', `${oneLine(result.target.name)}, run ${result.id}, ${duration(result.time.durationMs)}`),
  ]
}

function reasonLines(result: Result, width: number): string[] {
  const { reasons, trouble } = result
  const hints = trouble.flatMap(one => (one.hint === undefined ? [] : wrap(`hint: ${oneLine(one.hint)}`, width, '    ')))
  return [
    ...reasons.slice(0, MOST_REASONS).flatMap(reason => wrap(`${reason.code}  ${oneLine(reason.text)}`, width, '  ')),
    ...(reasons.length > MOST_REASONS ? [`  … and ${reasons.length - MOST_REASONS} more reasons`] : []),
    ...hints,
  ]
}

const MOST_REASONS = 12

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ['', paint('strong', title), ...lines]
}

function gateLine(gate: Gate, paint: Paint): string {
  const figure = gateFigure(gate.observed, gate.unit).padStart(12)
  return `  ${paint(gate.outcome, `${signOf(gate.outcome)} ${gate.outcome.padEnd(14)}`)} ${figure}   ${gate.title}`
}

function loadLines(load: LoadResult): string[] {
  const rate = load.offeredPerSecond === null ? '' : ` of ${number(load.offeredPerSecond)} offered`
  const shown = load.summaries.filter(one => one.outcome === 'granted' && one.count > 0)
  return [
    `  ${load.engine.id} ${load.engine.version} (${load.engine.model} model), ${load.scenario}: ${number(load.achievedPerSecond)}/s${rate}, ${duration(load.durationMs)}`,
    `  ${'granted'.padEnd(36)}${['count', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'].map(head => head.padStart(10)).join('')}`,
    ...shown.map(one => {
      const figures = [number(one.count), ...[one.p50Ms, one.p95Ms, one.p99Ms, one.maxMs].map(milliseconds)]
        .map(text => text.padStart(10))
        .join('')
      return `  ${seriesTitle(one.series).padEnd(36)}${figures}`
    }),
  ]
}

/** The attack whose open verdict was told in the same words: a backend nobody can log in to leaves dozens of them. */
function toldBefore(attacks: readonly AttackResult[], position: number): AttackResult | undefined {
  const attack = attacks[position]
  if (attack?.outcome !== 'inconclusive') return undefined
  return attacks.slice(0, position).find(({ outcome, claim }) => outcome === 'inconclusive' && claim === attack.claim)
}

/** One line each; what did not hold is told in full, and how to see it again. */
function attackLines(attack: AttackResult, told: AttackResult | undefined, paint: Paint, width: number): string[] {
  const head = `  ${paint(attack.outcome, `${signOf(attack.outcome)} ${attack.outcome.padEnd(14)}`)} ${attack.id.padEnd(24)} ${attack.severity.padEnd(8)}`
  const held = attack.outcome === 'pass' || attack.outcome === 'not-applicable'
  if (held) return [`${head} ${oneLine(attack.claim)}`, ...raceLines(attack)]
  if (told !== undefined) return [`${head} as ${told.id}`]
  const again = attack.outcome === 'fail' ? [`      again: ${attack.reproduce}`] : []
  return [head.trimEnd(), ...wrap(oneLine(attack.claim), width, '      '), ...findingLines(attack, width), ...again]
}

/** The finding's id, and why it does not turn the run red where it does not. */
function findingLines({ finding }: AttackResult, width: number): string[] {
  if (finding === undefined) return []
  const accepted = acceptanceText(finding.standing)
  return [
    ...(accepted === undefined ? [] : wrap(oneLine(accepted), width, '      ')),
    `      finding ${finding.id}: ${replayLine(finding)}`,
  ]
}

function invalidLines(result: Result, paint: Paint, width: number): string[] {
  return result.validity.checks
    .filter(check => check.outcome === 'inconclusive')
    .flatMap(check => {
      const sign = paint(check.outcome, signOf(check.outcome))
      return wrap(`${sign} ${check.id}: ${oneLine(check.text)} (${check.observed}, limit ${check.limit})`, width, '  ')
    })
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours do not count as columns
const OWN_COLOURS = /(\u001b\[[0-9]+m)/g

/** Breaks between words to the width, each line behind the indent; a word longer than that is cut later. Colours count as nothing. */
function wrap(text: string, width: number, indent: string): string[] {
  if (width <= 0) return [indent + text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && [...longer.replaceAll(OWN_COLOURS, '')].length + indent.length > width) {
      lines.push(indent + line)
      line = word
    } else line = longer
  }
  return [...lines, indent + line]
}

/** Cuts to the width, counting what is seen and keeping the colours' ends. */
function cut(line: string, width: number): string {
  if (width <= 0) return line
  let room = width
  return line
    .split(OWN_COLOURS)
    .map(part => {
      if (part.startsWith('\u001b')) return part
      const chars = [...part]
      const kept = chars.length <= room ? part : room === 0 ? '' : `${chars.slice(0, room - 1).join('')}…`
      room = Math.max(0, room - chars.length)
      return kept
    })
    .join('')
}

/** What a race that nobody won proves, whole: the claim's line may be cut. */
function raceLines({ judgement }: AttackResult): string[] {
  const figures = judgement?.figures
  return figures?.kind === 'race-bound' ? figures.races.map(race => `      ${boundText(race)}`) : []
}
