import { acceptanceText } from '../src/contract/finding.ts'
import { defineReport } from '../src/contract/report.ts'
import type { Result } from '../src/contract/result.ts'
import { cutText } from './machine/plain-text.ts'
import { configPlace, type Place, problemsOf } from './machine/problem.ts'
import { oneLine } from './printable.ts'

/** GitHub shows ten errors and ten warnings of a step and drops the rest without a word; the tenth says how many were left out. */
const MOST_OF_A_KIND = 10

/** Commands of a workflow, to be printed by a step: `cat github-annotations.txt`. */
export default defineReport({
  id: 'github-annotations',
  about: 'GitHub annotations, as commands for a workflow step to print: what is red or open, at its line, ten of a kind at most.',
  fileName: 'github-annotations.txt',
  render,
})

interface Note {
  level: 'error' | 'warning'
  place: Place
  title: string
  text: string
}

function render(result: Result): string {
  const notes = notesOf(result)
  const lines = (['error', 'warning'] as const).flatMap(level => few(notes.filter(note => note.level === level)).map(line))
  return lines.map(text => `${text}\n`).join('')
}

function notesOf(result: Result): Note[] {
  const config = configPlace(result)
  const problems = problemsOf(result).map((problem): Note => {
    const { about, state, standing, place } = problem
    const red = state === 'fail' && acceptanceText(standing) === undefined
    const accepted = acceptanceText(standing)
    return {
      level: red ? 'error' : 'warning',
      place,
      title: about.kind === 'attack' ? `${about.attack.id} (${about.attack.severity})` : about.gate.title,
      text: `${about.kind === 'attack' ? problem.text : about.gate.text}${accepted === undefined ? '' : ` It is ${accepted}`}`,
    }
  })
  const trouble = result.trouble.map(
    (one): Note => ({ level: 'error', place: config, title: one.code, text: `${one.message} ${one.hint ?? ''}` }),
  )
  const unfit = result.validity.checks
    .filter(check => check.outcome === 'inconclusive')
    .map((check): Note => ({ level: 'warning', place: config, title: `not valid: ${check.id}`, text: check.text }))
  const cut =
    result.ended === 'finished' ? [] : [{ level: 'error' as const, place: config, title: 'cut short', text: cutShort(result) }]
  return [...cut, ...trouble, ...problems, ...unfit]
}

function cutShort({ ended, exitCode }: Result): string {
  return `The run did not come to its end (${ended}); what is shown is a part of it. Exit code ${exitCode}.`
}

function few(notes: readonly Note[]): readonly Note[] {
  const [first] = notes
  if (first === undefined || notes.length <= MOST_OF_A_KIND) return notes
  const left = notes.length - MOST_OF_A_KIND + 1
  const more: Note = { ...first, title: `${left} more`, text: `${left} more are told in the summary and in report.html.` }
  return [...notes.slice(0, MOST_OF_A_KIND - 1), more]
}

function line({ level, place, title, text }: Note): string {
  const facts = `file=${property(oneLine(place.file))},line=${place.line},title=${property(oneLine(title))}`
  return `::${level} ${facts}::${data(cutText(oneLine(text), 2000))}`
}

/** A text that is not escaped could end the command and begin another. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
