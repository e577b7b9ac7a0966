import { exhaustive } from './json.ts'
import type { Budget } from './plan.ts'

/** Does the budget rest on the load? A run without load leaves it out, and a load without any such budget cannot turn a run red. */
export function judgesLoad(budget: Budget): boolean {
  switch (budget.kind) {
    case 'latency':
    case 'error-rate':
      return true
    case 'attacks':
      return false
    case 'expression':
      return ['latency', 'share', 'goodput-rate'].includes(budget.gate.figure.kind) || isPerLogin(budget)
    default:
      return exhaustive(budget)
  }
}

function isPerLogin({ gate: { figure } }: Extract<Budget, { kind: 'expression' }>): boolean {
  return figure.kind === 'carrier-calls' && figure.per === 'login'
}
