import { describe, expect, it } from 'vitest'
import { histogramOf } from '../../../src/contract/histogram.ts'
import { judge } from '../../../src/judge/judge.ts'
import { carrierOf, exactTotalOf, ledgerOf, loadOf, p99Budget, planOf } from './evidence-builder.ts'

/** Carriers late by 10 ms at p99: enough to be told, not enough to void the run. */
const late = carrierOf({ delayErrorMs: histogramOf([...Array(1900).fill(0.1), ...Array(100).fill(10)]) })

function gateWith(p99: number, limitMs: number) {
  const load = loadOf({ totals: [exactTotalOf('oneTap', 'granted', 2000, p99)] })
  return judge(ledgerOf({ load, carrier: late }), planOf({ budgets: [p99Budget(limitMs)] }), []).gates[0]
}

describe('lateness of the mock carriers', () => {
  it('keeps a budget open that is missed by less than it', () => {
    const gate = gateWith(205, 200)
    expect(gate?.outcome).toBe('inconclusive')
    expect(gate?.text).toContain('mock carriers were late')
  })

  it('does not excuse a miss that is larger', () => {
    expect(gateWith(215, 200)?.outcome).toBe('fail')
  })

  it('does not spoil a budget that holds, for it can only add', () => {
    expect(gateWith(199, 200)?.outcome).toBe('pass')
  })
})
