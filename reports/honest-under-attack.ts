import type { AttackCost } from '../src/contract/figures.ts'
import { milliseconds, number, percent } from './wording.ts'

/** Goodput and latency of honest users against the enemies' share of all requests, as lines of text. None when it was not measured. */
export function honestUnderAttack(cost: AttackCost | undefined): string[] {
  if (cost === undefined || cost.honest.length === 0) return []
  const rows = [
    ['enemies’ share', 'granted', 'goodput /s', 'p50 ms', 'p99 ms'],
    ...cost.honest.map(one => [
      percent(one.enemyShare),
      `${number(one.granted)} of ${number(one.sent)}`,
      number(one.goodputPerSecond),
      milliseconds(one.p50Ms),
      milliseconds(one.p99Ms),
    ]),
  ]
  return rows.map(row => `  ${row.map(cell => cell.padStart(14)).join('')}`)
}
