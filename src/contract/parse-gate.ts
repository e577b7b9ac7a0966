import {
  figureNamed,
  type GateBound,
  type GateComparator,
  type GateExpression,
  type GateFigure,
  type GateMistake,
  type GateScope,
  type ParsedGate,
} from './gate-expression.ts'

const COMPARATORS: readonly GateComparator[] = ['<', '<=', '=', '>=', '>']
const CLAUSES = ['while', 'phase', 'carrier', 'scenario', 'per'] as const
const EACH = ['phase', 'carrier', 'scenario'] as const
/** Milliseconds, or a share: what a number with the unit stands for in the figure's own unit. */
const UNITS: Readonly<Record<string, { of: 'time' | 'share' | 'rate'; times: number }>> = {
  ms: { of: 'time', times: 1 },
  s: { of: 'time', times: 1000 },
  m: { of: 'time', times: 60_000 },
  '%': { of: 'share', times: 0.01 },
  '/s': { of: 'rate', times: 1 },
}

/**
 * Reads a budget such as `login.p99 < 400ms`, `goodput.share > 0.95 while fault`, `attacks.critical = 0`,
 * `backend_added.p99 < 60ms per phase` or `login.p99 <= baseline + 10%`. Pure; a mistake comes back as a value.
 */
export function parseGate(text: string): ParsedGate {
  const match = /^\s*([\w.-]+)\s*(<=|>=|==|<|>|=|≤|≥)\s*(.*?)\s*$/.exec(text)
  if (match === null) return { mistake: noShape(text) }
  const [, name = '', sign = '', rest = ''] = match
  const named = figureNamed(name)
  if ('mistake' in named) return named
  const split = /^(.*?)(?:\s+((?:while|phase|carrier|scenario|per)\b.*))?$/.exec(rest)
  const bound = boundOf(named.figure, split?.[1] ?? '')
  if ('mistake' in bound) return bound
  const scope = scopeOf(split?.[2] ?? '')
  if ('mistake' in scope) return scope
  const comparator = comparatorOf(sign)
  const gate: GateExpression = { figure: named.figure, comparator, bound: bound.bound, scope: scope.scope }
  const clash = clashOf(gate)
  return clash === undefined ? { gate } : { mistake: { text: clash } }
}

function noShape(text: string): GateMistake {
  return { text: `"${text}" is no budget: wanted is FIGURE COMPARATOR LIMIT, for instance login.p99 < 400ms` }
}

function comparatorOf(sign: string): GateComparator {
  const plain = { '==': '=', '≤': '<=', '≥': '>=' }[sign] ?? sign
  return COMPARATORS.find(known => known === plain) ?? '='
}

/** What the figure is measured in, so that a unit of something else is refused. */
function unitOf(figure: GateFigure): 'time' | 'share' | 'rate' | 'count' {
  if (figure.kind === 'latency' || figure.kind === 'revocation') return 'time'
  if (figure.kind === 'share') return 'share'
  return figure.kind === 'goodput-rate' ? 'rate' : 'count'
}

function boundOf(figure: GateFigure, text: string): { bound: GateBound } | { mistake: GateMistake } {
  if (text.startsWith('baseline')) return baselineOf(figure, text)
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|%|\/s)?$/.exec(text)
  if (match === null)
    return {
      mistake: {
        text:
          text === ''
            ? 'the limit is missing'
            : `"${text}" is no limit: wanted is a number with its unit, for instance 400ms or 95%, or baseline + 10%`,
      },
    }
  const [, digits = '', unit] = match
  const wanted = unitOf(figure)
  if (unit === undefined && wanted === 'time')
    return { mistake: { text: `"${text}" has no unit: write ${digits}ms or ${digits}s` } }
  const known = unit === undefined ? undefined : UNITS[unit]
  if (known !== undefined && known.of !== wanted)
    return { mistake: { text: `"${text}" is a ${known.of}, and the figure is a ${wanted}` } }
  const value = Number(digits) * (known?.times ?? 1)
  if (wanted === 'share' && value > 1)
    return { mistake: { text: `"${text}" is more than all: a share goes from 0 to 1, or to 100%` } }
  return { bound: { kind: 'value', value: Number(value.toPrecision(12)) } }
}

function baselineOf(figure: GateFigure, text: string): { bound: GateBound } | { mistake: GateMistake } {
  const match = /^baseline(?:\s*([+-])\s*(\d+(?:\.\d+)?)\s*%|\s*\*\s*(\d+(?:\.\d+)?))?$/.exec(text)
  if (match === null) return { mistake: { text: `"${text}" is no limit: wanted is baseline, baseline + 10% or baseline * 1.1` } }
  if (figure.kind !== 'latency' && figure.kind !== 'share' && figure.kind !== 'goodput-rate') {
    return { mistake: { text: 'only latencies, shares and goodput are held against a baseline' } }
  }
  const [, sign, part, times] = match
  const factor = times === undefined ? 1 + ((sign === '-' ? -1 : 1) * Number(part ?? 0)) / 100 : Number(times)
  return factor > 0
    ? { bound: { kind: 'baseline', factor: Number(factor.toPrecision(12)) } }
    : { mistake: { text: `"${text}" leaves nothing of the baseline` } }
}

function scopeOf(text: string): { scope: GateScope } | { mistake: GateMistake } {
  const scope: GateScope = {}
  const words = text.split(/\s+/).filter(word => word !== '')
  for (let i = 0; i < words.length; i += 2) {
    const [clause = '', value] = [words[i], words[i + 1]]
    const known = CLAUSES.find(one => one === clause)
    if (known === undefined) return { mistake: { text: `"${clause}" begins no clause`, word: clause, known: CLAUSES } }
    if (value === undefined) return { mistake: { text: `"${clause}" lacks its word` } }
    const mistake = take(scope, known, value)
    if (mistake !== undefined) return { mistake }
  }
  return { scope }
}

function take(scope: GateScope, clause: (typeof CLAUSES)[number], value: string): GateMistake | undefined {
  if (clause === 'per') {
    const each = EACH.find(one => one === value)
    if (each === undefined) return { text: `"per ${value}" is not known`, word: value, known: EACH }
    scope.each = each
    return undefined
  }
  if (clause === 'phase') {
    if (!/^[1-9]\d{0,2}$/.test(value)) return { text: `"phase ${value}": phases are numbered from 1` }
    scope.phase = Number(value)
    return undefined
  }
  scope[clause] = value
  return undefined
}

/** Parts that are right by themselves and make no sense together. */
function clashOf({ figure, comparator, bound, scope }: GateExpression): string | undefined {
  if (comparator === '=' && unitOf(figure) === 'time') return 'a latency is never exactly its limit: write <= or >='
  const scoped = Object.keys(scope).length > 0
  const ofLoad = figure.kind === 'latency' || figure.kind === 'share' || figure.kind === 'goodput-rate'
  if (scoped && !ofLoad) return 'while, phase, carrier, scenario and per narrow a load; this figure is of no load'
  if (scoped && bound.kind === 'baseline')
    return 'a baseline is compared over the whole measured part: leave while, phase, carrier, scenario and per out'
  if (scope.each === 'phase' && scope.phase !== undefined) return 'phase and per phase exclude each other'
  if (scope.each === 'carrier' && scope.carrier !== undefined) return 'carrier and per carrier exclude each other'
  if (scope.each === 'scenario' && scope.scenario !== undefined) return 'scenario and per scenario exclude each other'
  return undefined
}
