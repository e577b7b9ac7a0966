import { acceptanceText } from '../../src/contract/finding.ts'
import type { AttackResult, Result } from '../../src/contract/result.ts'
import type { Outcome } from '../../src/contract/verdict.ts'
import { replayLine } from '../wording.ts'

/** What test readers understand: one thing that was asked and how it came out. */
export interface Case {
  suite: 'run' | 'validity' | 'budgets' | 'attacks'
  className: string
  name: string
  outcome: Outcome | 'accepted'
  message: string
  output: string
  seconds: number
}

/** The run, each validity check, each budget and each attack, in this order. Without the first a run that died early would show nothing red. */
export function casesOf(result: Result): Case[] {
  return [runCase(result), ...validityCases(result), ...gateCases(result), ...result.attacks.map(attackCase)]
}

function runCase(result: Result): Case {
  return {
    suite: 'run',
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

function validityCases(result: Result): Case[] {
  return result.validity.checks.map(check => ({
    suite: 'validity',
    className: 'validity',
    name: check.id,
    outcome: check.outcome,
    message: `${check.text} (${check.observed}, limit ${check.limit})`,
    output: '',
    seconds: 0,
  }))
}

function gateCases(result: Result): Case[] {
  return result.gates.map(gate => ({
    suite: 'budgets',
    className: gate.unit === 'attacks' ? 'budget.attacks' : 'budget.load',
    name: gate.title,
    outcome: gate.outcome,
    message: gate.text,
    output: `${gate.samples} samples, ${gate.minSamples} needed`,
    seconds: 0,
  }))
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
    suite: 'attacks',
    className: `attack.${attack.family}`,
    name: attack.id,
    outcome: accepted === undefined ? attack.outcome : 'accepted',
    message: attack.claim,
    output: lines.join('\n'),
    seconds: attack.durationMs / 1000,
  }
}
