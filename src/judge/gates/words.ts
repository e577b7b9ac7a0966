import type { GateExpression, GateFigure, GateScope } from '../../contract/gate-expression.ts'
import { exhaustive } from '../../contract/json.ts'
import type { Gate } from '../../contract/result.ts'

/** The unit a figure is written in. */
export function unitOf(figure: GateFigure): Gate['unit'] {
  switch (figure.kind) {
    case 'latency':
    case 'revocation':
      return 'ms'
    case 'share':
      return 'share'
    case 'goodput-rate':
      return 'per-second'
    case 'attacks':
      return 'attacks'
    case 'carrier-calls':
      return 'calls'
    default:
      return exhaustive(figure)
  }
}

/** A value as a sentence needs it. */
export function valueText(value: number, unit: Gate['unit']): string {
  switch (unit) {
    case 'ms':
      return `${Number(value.toPrecision(4))} ms`
    case 'share':
      return `${Number((value * 100).toPrecision(4))} %`
    case 'per-second':
      return `${Number(value.toPrecision(4))}/s`
    case 'attacks':
    case 'calls':
      return String(Number(value.toPrecision(4)))
    default:
      return exhaustive(unit)
  }
}

/** The gate in one line, and the id that stays while only its limit changes. */
export function titleOf({ figure, comparator, bound, scope }: GateExpression): { id: string; title: string } {
  const id = [figureText(figure), ...scopeWords(scope)].join(' ')
  const limit = bound.kind === 'value' ? valueText(bound.value, unitOf(figure)) : baselineText(bound.factor)
  const sign = { '<=': '≤', '>=': '≥' }[comparator as '<=' | '>='] ?? comparator
  const baseline = bound.kind === 'baseline' ? ' against baseline' : ''
  return { id: `${id}${baseline}`, title: [figureText(figure), sign, limit, ...scopeWords(scope)].join(' ') }
}

function baselineText(factor: number): string {
  if (factor === 1) return 'baseline'
  const part = Number(((factor - 1) * 100).toPrecision(6))
  return `baseline ${part < 0 ? '−' : '+'} ${Math.abs(part)} %`
}

/** The figure as it is written in a configuration. */
export function figureText(figure: GateFigure): string {
  switch (figure.kind) {
    case 'latency':
      return `${figure.series}.${statText(figure.stat)}`
    case 'share':
      return `${figure.of}.share`
    case 'goodput-rate':
      return 'goodput.perSecond'
    case 'attacks':
      return `attacks.${figure.of}`
    case 'carrier-calls':
      return figure.per === 'login' ? 'carrierCalls.perLogin' : 'carrierCalls.perForged'
    case 'revocation':
      return `reissue.revocation.${statText(figure.stat)}`
    default:
      return exhaustive(figure)
  }
}

function statText(stat: Extract<GateFigure, { kind: 'latency' }>['stat']): string {
  return typeof stat === 'string' ? stat : `p${Number((stat.quantile * 100).toPrecision(6))}`
}

function scopeWords(scope: GateScope): string[] {
  return [
    ...(scope.while === undefined ? [] : ['while', scope.while]),
    ...(scope.phase === undefined ? [] : ['phase', String(scope.phase)]),
    ...(scope.carrier === undefined ? [] : ['carrier', scope.carrier]),
    ...(scope.scenario === undefined ? [] : ['scenario', scope.scenario]),
    ...(scope.each === undefined ? [] : ['per', scope.each]),
  ]
}
