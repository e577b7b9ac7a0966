import type { Severity } from '../../src/contract/attack.ts'
import type { AttackResult, Gate, Result } from '../../src/contract/result.ts'
import { plain } from './plain-text.ts'
import type { Problem } from './problem.ts'

export interface SarifRule {
  id: string
  [more: string]: unknown
}

/** Most that GitHub keeps of a description. */
const MOST_DESCRIPTION = 1024

/** Of GitHub's scale: above 9 critical, 7 to 8.9 high, 4 to 6.9 medium, below low. */
const SCORES: Record<Severity, string> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.5', info: '0.5' }

/** A rule for each attack that was run, so that what held is known to have been looked for, and one for each budget with a problem. */
export function rulesOf(result: Result, problems: readonly Problem[]): SarifRule[] {
  const gates = problems.flatMap(({ about }) => (about.kind === 'gate' ? [gateRule(about.gate)] : []))
  return [...result.attacks.map(attackRule), ...gates]
}

export function ruleId({ about }: Problem): string {
  return about.kind === 'attack' ? about.attack.id : gateRuleId(about.gate)
}

function gateRuleId(gate: Gate): string {
  return `budget/${gate.id}`
}

function attackRule(attack: AttackResult): SarifRule {
  const about = plain(attack.about, MOST_DESCRIPTION)
  const asks = [...attack.asvs.map(id => `ASVS 5.0 ${id}`), ...attack.api2023.map(id => `OWASP API 2023 ${id}`)]
  const help = `${about} Attacker has: ${plain(attack.has, 300)}.${asks.length === 0 ? '' : ` See ${asks.join(', ')}.`}`
  return {
    id: attack.id,
    name: pascal(attack.id),
    shortDescription: { text: plain(attack.title, MOST_DESCRIPTION) },
    fullDescription: { text: about },
    help: { text: help, markdown: `${about}\n\n**Run it again:** \`${attack.reproduce.replaceAll('`', '')}\`` },
    defaultConfiguration: { level: attack.severity === 'critical' || attack.severity === 'high' ? 'error' : 'warning' },
    ...(attack.cwe.length === 0
      ? {}
      : {
          relationships: attack.cwe.map(cwe => ({
            target: { id: String(cwe), toolComponent: { name: 'CWE', index: 0 } },
            kinds: ['superset'],
          })),
        }),
    properties: {
      tags: ['security', attack.family, ...attack.cwe.map(cwe => `external/cwe/cwe-${String(cwe).padStart(3, '0')}`)].slice(
        0,
        20,
      ),
      precision: 'very-high',
      'security-severity': SCORES[attack.severity],
    },
  }
}

function gateRule(gate: Gate): SarifRule {
  const text = plain(gate.title, MOST_DESCRIPTION)
  return {
    id: gateRuleId(gate),
    name: pascal(`budget ${gate.id}`),
    shortDescription: { text },
    fullDescription: { text: `A budget of the configuration: ${text}` },
    help: { text: `A budget of the configuration: ${text}. It is judged on valid evidence only.` },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['performance'], precision: 'high', 'problem.severity': 'error' },
  }
}

/** The weaknesses that the rules name. */
export function cweTaxonomy(result: Result): object {
  const ids = [...new Set(result.attacks.flatMap(attack => attack.cwe))].sort((a, b) => a - b)
  return {
    name: 'CWE',
    organization: 'MITRE',
    shortDescription: { text: 'Common Weakness Enumeration' },
    informationUri: 'https://cwe.mitre.org/',
    isComprehensive: false,
    taxa: ids.map(id => ({ id: String(id), helpUri: `https://cwe.mitre.org/data/definitions/${id}.html` })),
  }
}

function pascal(id: string): string {
  return id
    .split(/[^A-Za-z0-9]+/)
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}
