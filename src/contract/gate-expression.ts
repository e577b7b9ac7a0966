import { ATTACK_FAMILIES, type AttackFamily, SEVERITIES, type Severity } from './attack.ts'
import type { SeriesName } from './engine.ts'
import { SERIES_NAMES } from './series.ts'

/** A quantile by its share (0.99), or an end of the distribution. */
export type GateStat = { quantile: number } | 'min' | 'max'

/** What a budget written as an expression looks at. */
export type GateFigure =
  /** Time of granted steps, milliseconds. */
  | { kind: 'latency'; series: SeriesName | 'login'; stat: GateStat }
  /** Share of the exchanges whose carrier worked: granted (`goodput`), or refused and failed (`error`). */
  | { kind: 'share'; of: 'goodput' | 'error' }
  /** Granted exchanges a second. */
  | { kind: 'goodput-rate' }
  /** Attacks that got in and turn the run red. */
  | { kind: 'attacks'; of: Severity | AttackFamily | 'all' }
  /** Calls that reached the carriers: for each login, or for each forged request. */
  | { kind: 'carrier-calls'; per: 'login' | 'forged' }
  /** From a number's reissue to the last request that its former holder's credential was good for, milliseconds. */
  | { kind: 'revocation'; stat: GateStat }

export type GateComparator = '<' | '<=' | '=' | '>=' | '>'

/** `value`: in the figure's own unit (ms, share, a number). `baseline`: so many times what the baseline's run had. */
export type GateBound = { kind: 'value'; value: number } | { kind: 'baseline'; factor: number }

/** Which part of the load is looked at; nothing named = all of it. `each`: every one of them must hold. */
export interface GateScope {
  /** `fault`: seconds with a fault of the plan in force. `calm`: seconds without any. Else the name of one fault. */
  while?: string
  /** A phase of the load, from 1: a stage of its shape, or the whole of a constant one. */
  phase?: number
  carrier?: string
  scenario?: string
  each?: 'phase' | 'carrier' | 'scenario'
}

export interface GateExpression {
  figure: GateFigure
  comparator: GateComparator
  bound: GateBound
  scope: GateScope
}

/** What is wrong with an expression. `word` and `known` let the reader be told what was meant. */
export interface GateMistake {
  text: string
  word?: string
  known?: readonly string[]
}

export type ParsedGate = { gate: GateExpression } | { mistake: GateMistake }

/** Names before the dot that stand for a series. `login` is the login that the scenario judges, whatever the operation is called. */
export const GATE_SERIES: readonly string[] = ['login', ...SERIES_NAMES]
const OTHER_FIGURES: readonly string[] = ['goodput', 'error', 'attacks', 'carrierCalls', 'reissue']
export const GATE_ATTACKS: readonly string[] = [...SEVERITIES, ...ATTACK_FAMILIES, 'all']
const STATS = 'p50, p90, p95, p99, p99.9, min, max'

/** The figure of a name such as `login.p99`, `goodput.share`, `attacks.critical` or `reissue.revocation.p99`. */
export function figureNamed(name: string): { figure: GateFigure } | { mistake: GateMistake } {
  const [head = '', ...rest] = name.split('.')
  const tail = rest.join('.')
  if (GATE_SERIES.includes(head)) {
    const stat = statNamed(tail)
    return stat === undefined
      ? noStat(name, head, tail)
      : { figure: { kind: 'latency', series: head as SeriesName | 'login', stat } }
  }
  switch (head) {
    case 'goodput':
      if (tail === 'share') return { figure: { kind: 'share', of: 'goodput' } }
      return tail === 'perSecond' ? { figure: { kind: 'goodput-rate' } } : unknownPart(name, tail, ['share', 'perSecond'])
    case 'error':
      return tail === 'share' ? { figure: { kind: 'share', of: 'error' } } : unknownPart(name, tail, ['share'])
    case 'attacks':
      return GATE_ATTACKS.includes(tail)
        ? { figure: { kind: 'attacks', of: tail as Severity | AttackFamily | 'all' } }
        : unknownPart(name, tail, GATE_ATTACKS)
    case 'carrierCalls':
      if (tail === 'perLogin') return { figure: { kind: 'carrier-calls', per: 'login' } }
      return tail === 'perForged'
        ? { figure: { kind: 'carrier-calls', per: 'forged' } }
        : unknownPart(name, tail, ['perLogin', 'perForged'])
    case 'reissue': {
      const stat = tail.startsWith('revocation.') ? statNamed(tail.slice('revocation.'.length)) : undefined
      return stat === undefined
        ? unknownPart(name, tail, ['revocation.p99', 'revocation.max'])
        : { figure: { kind: 'revocation', stat } }
    }
    default:
      return { mistake: { text: `there is no figure "${name}"`, word: head, known: [...GATE_SERIES, ...OTHER_FIGURES] } }
  }
}

/** `p99`, `p99.9` and `p999` (three digits and more have a dot after the second), `min`, `max`. */
function statNamed(text: string): GateStat | undefined {
  if (text === 'min' || text === 'max') return text
  const digits = /^p(\d{1,2})(?:\.(\d{1,3})|(\d{1,3}))?$/.exec(text)
  const share = Number(`${digits?.[1]}.${digits?.[2] ?? digits?.[3] ?? '0'}`) / 100
  return share > 0 && share < 1 ? { quantile: Number(share.toFixed(6)) } : undefined
}

function noStat(name: string, head: string, tail: string): { mistake: GateMistake } {
  const text =
    tail === ''
      ? `"${name}" names no statistic: write ${head}.p99, or another of ${STATS}`
      : `"${tail}" of "${name}" is no statistic; known: ${STATS}`
  return { mistake: { text } }
}

function unknownPart(name: string, word: string, known: readonly string[]): { mistake: GateMistake } {
  return { mistake: { text: `there is no figure "${name}"`, word, known } }
}
