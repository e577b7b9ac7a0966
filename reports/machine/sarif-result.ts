import type { TranscriptEntry } from '../../src/contract/attack.ts'
import { acceptanceText } from '../../src/contract/finding.ts'
import type { AttackResult } from '../../src/contract/result.ts'
import { xmlText } from '../printable.ts'
import { cutText, plain } from './plain-text.ts'
import type { Problem } from './problem.ts'
import { ruleId, type SarifRule } from './sarif-rules.ts'

/** A result as code scanning wants it: a place, a fingerprint of our own, and for an attack the request and reply that prove it. */
export function sarifResult(problem: Problem, rules: readonly SarifRule[]): object {
  const { about, place, standing, state, fingerprint } = problem
  const id = ruleId(problem)
  const accepted = acceptanceText(standing)
  return {
    ruleId: id,
    ruleIndex: rules.findIndex(rule => rule.id === id),
    level: levelOf(problem),
    message: { text: plain(state === 'open' ? `No verdict. ${problem.text}` : problem.text, 4000) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.file), uriBaseId: '%SRCROOT%' },
          region: { startLine: place.line, startColumn: 1, endLine: place.line, endColumn: 2 },
        },
        ...logical(about),
      },
    ],
    partialFingerprints: {
      // GitHub looks at this one only. Without it many findings on one line would be told apart by their order.
      primaryLocationLineHash: `${fingerprint}:1`,
      'onetapProblem/v1': fingerprint,
    },
    ...(accepted === undefined
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: plain(accepted, 1024) }] }),
    ...(about.kind === 'attack' ? { ...evidence(about.attack), properties: factsOf(about.attack) } : {}),
  }
}

function levelOf({ state, about }: Problem): 'error' | 'warning' | 'note' {
  if (state === 'open') return 'note'
  if (about.kind === 'gate') return 'error'
  const { severity } = about.attack
  return severity === 'critical' || severity === 'high' ? 'error' : severity === 'medium' ? 'warning' : 'note'
}

function logical(about: Problem['about']): object {
  if (about.kind === 'gate') return { logicalLocations: [{ name: plain(about.gate.id, 200), kind: 'member' }] }
  const [first] = proofEntries(about.attack)
  return first === undefined ? {} : { logicalLocations: [{ name: first.op, kind: 'function' }] }
}

function factsOf(attack: AttackResult): object {
  return {
    outcome: attack.outcome,
    reproduce: attack.reproduce,
    ...(attack.finding === undefined ? {} : { finding: attack.finding.id }),
  }
}

function proofEntries({ transcript, judgement }: AttackResult): TranscriptEntry[] {
  const ids = judgement?.proof?.exchanges ?? []
  return transcript.filter(entry => ids.includes(entry.id))
}

const MOST_BODY = 8000

/** Redacted when it was recorded; cut here. Empty texts are left out: GitHub takes none. */
function evidence(attack: AttackResult): object {
  const [entry] = proofEntries(attack)
  if (entry === undefined) return {}
  const { request, response } = entry
  return {
    webRequest: {
      protocol: 'http',
      method: request.method,
      target: cutText(xmlText(request.url), 2000),
      headers: headersOf(request.headers),
      ...bodyOf(request.body),
    },
    ...(response === null
      ? {}
      : { webResponse: { statusCode: response.status, headers: headersOf(response.headers), ...bodyOf(response.body) } }),
  }
}

function headersOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const told = Object.entries(headers).map(([name, value]) => [xmlText(name), cutText(xmlText(value), 1000)] as const)
  return Object.fromEntries(told.filter(([name, value]) => name !== '' && value !== ''))
}

function bodyOf(body: string | null): object {
  const text = body === null ? '' : cutText(xmlText(body), MOST_BODY)
  return text === '' ? {} : { body: { text } }
}

/** RFC 3986: what may not stand in a path is escaped; slashes stay. */
function uriOf(file: string): string {
  return xmlText(file).split('/').map(encodeURIComponent).join('/')
}
