import type { Severity } from '../src/contract/attack.ts'
import { acceptanceText } from '../src/contract/finding.ts'
import { defineReport } from '../src/contract/report.ts'
import type { Result } from '../src/contract/result.ts'
import { cutText } from './machine/plain-text.ts'
import { type Problem, problemsOf } from './machine/problem.ts'
import { oneLine } from './printable.ts'

/** GitLab shows what a merge request adds and removes by fingerprint; each must be unique, or all but the first are dropped. */
export default defineReport({
  id: 'gitlab-quality',
  about: 'GitLab code quality: findings and crossed budgets at their line in the merge request.',
  fileName: 'gl-code-quality-report.json',
  render,
})

const WEIGHTS: Record<Severity, string> = { critical: 'blocker', high: 'critical', medium: 'major', low: 'minor', info: 'info' }

function render(result: Result): string {
  return `${JSON.stringify(problemsOf(result).map(issueOf), null, 2)}\n`
}

function issueOf(problem: Problem): object {
  const { about, place, fingerprint, standing, state } = problem
  const accepted = acceptanceText(standing)
  const text = `${state === 'open' ? 'No verdict. ' : ''}${problem.text}${accepted === undefined ? '' : ` It is ${accepted}`}`
  return {
    description: cutText(oneLine(text), 2000) || '(no text)',
    check_name: about.kind === 'attack' ? about.attack.id : `budget/${about.gate.id}`,
    fingerprint,
    severity: weightOf(problem, accepted !== undefined),
    location: { path: oneLine(place.file), lines: { begin: place.line } },
  }
}

function weightOf({ about, state }: Problem, accepted: boolean): string {
  if (accepted || state === 'open') return 'info'
  return about.kind === 'attack' ? WEIGHTS[about.attack.severity] : 'major'
}
