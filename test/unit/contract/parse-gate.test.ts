import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GateExpression } from '../../../src/contract/gate-expression.ts'
import { parseGate } from '../../../src/contract/parse-gate.ts'

const value = (n: number): GateExpression['bound'] => ({ kind: 'value', value: n })
const login = (quantile: number): GateExpression['figure'] => ({ kind: 'latency', series: 'login', stat: { quantile } })

describe('a budget as an expression', () => {
  it.each<[string, GateExpression]>([
    ['login.p99 < 400ms', { figure: login(0.99), comparator: '<', bound: value(400), scope: {} }],
    ['login.p99<=0.4s', { figure: login(0.99), comparator: '<=', bound: value(400), scope: {} }],
    ['login.p99.9 ≤ 2s', { figure: login(0.999), comparator: '<=', bound: value(2000), scope: {} }],
    ['login.p999 <= 2 s', { figure: login(0.999), comparator: '<=', bound: value(2000), scope: {} }],
    [
      'backend_added.max < 60ms while calm per phase',
      {
        figure: { kind: 'latency', series: 'backend_added', stat: 'max' },
        comparator: '<',
        bound: value(60),
        scope: { while: 'calm', each: 'phase' },
      },
    ],
    [
      'goodput.share > 95% while fault',
      { figure: { kind: 'share', of: 'goodput' }, comparator: '>', bound: value(0.95), scope: { while: 'fault' } },
    ],
    [
      'goodput.perSecond >= 100/s phase 2',
      { figure: { kind: 'goodput-rate' }, comparator: '>=', bound: value(100), scope: { phase: 2 } },
    ],
    ['attacks.critical = 0', { figure: { kind: 'attacks', of: 'critical' }, comparator: '=', bound: value(0), scope: {} }],
    [
      'attacks.number-reuse == 0',
      { figure: { kind: 'attacks', of: 'number-reuse' }, comparator: '=', bound: value(0), scope: {} },
    ],
    [
      'carrierCalls.perForged = 0',
      { figure: { kind: 'carrier-calls', per: 'forged' }, comparator: '=', bound: value(0), scope: {} },
    ],
    [
      'reissue.revocation.p99 < 60s',
      { figure: { kind: 'revocation', stat: { quantile: 0.99 } }, comparator: '<', bound: value(60_000), scope: {} },
    ],
    [
      'login.p95 <= baseline + 10%',
      { figure: login(0.95), comparator: '<=', bound: { kind: 'baseline', factor: 1.1 }, scope: {} },
    ],
    [
      'login.p95 <= baseline*1.25',
      { figure: login(0.95), comparator: '<=', bound: { kind: 'baseline', factor: 1.25 }, scope: {} },
    ],
    ['login.p50 < baseline', { figure: login(0.5), comparator: '<', bound: { kind: 'baseline', factor: 1 }, scope: {} }],
    [
      'error.share <= 0.01 carrier china-mobile scenario one-tap',
      {
        figure: { kind: 'share', of: 'error' },
        comparator: '<=',
        bound: value(0.01),
        scope: { carrier: 'china-mobile', scenario: 'one-tap' },
      },
    ],
  ])('%s', (text, gate) => expect(parseGate(text)).toEqual({ gate }))

  it.each([
    ['login.p99', 'is no budget: wanted is FIGURE COMPARATOR LIMIT'],
    ['', 'is no budget'],
    ['logn.p99 < 1ms', 'there is no figure "logn.p99"'],
    ['login < 1ms', 'names no statistic: write login.p99'],
    ['login.p0 < 1ms', '"p0" of "login.p0" is no statistic'],
    ['login.mean < 1ms', 'is no statistic; known: p50'],
    ['login.p99 < 400', 'has no unit: write 400ms or 400s'],
    ['login.p99 < 40%', 'is a share, and the figure is a time'],
    ['login.p99 <', 'the limit is missing'],
    ['login.p99 < fast', '"fast" is no limit'],
    ['goodput.share > 95', 'more than all'],
    ['goodput.share > 95ms', 'is a time, and the figure is a share'],
    ['attacks.critcal = 0', 'there is no figure "attacks.critcal"'],
    ['attacks.critical = 0 while fault', 'this figure is of no load'],
    ['login.p99 < 4s during fault', '"4s during fault" is no limit'],
    ['login.p99 < 4s while', '"while" lacks its word'],
    ['login.p99 < 4s while fault per', '"per" lacks its word'],
    ['login.p99 < 4s per second', '"per second" is not known'],
    ['login.p99 < 4s phase zero', 'phases are numbered from 1'],
    ['login.p99 < 4s phase 1 per phase', 'exclude each other'],
    ['login.p99 < baseline + much', 'wanted is baseline'],
    ['login.p99 < baseline - 100%', 'leaves nothing of the baseline'],
    ['login.p99 < baseline + 5% while fault', 'compared over the whole measured part'],
    ['attacks.all = baseline', 'only latencies, shares and goodput'],
    ['login.p99 = 400ms', 'a latency is never exactly its limit'],
  ])('says what is wrong with %j', (text, words) => {
    const parsed = parseGate(text)
    expect('mistake' in parsed ? parsed.mistake.text : 'it was read').toContain(words)
  })

  it('never throws, whatever is written', () => {
    const piece = fc.constantFrom(
      'login.p99',
      ' < ',
      '400ms',
      ' while ',
      'fault',
      'per phase',
      'baseline',
      '+ 5%',
      '.',
      '≤',
      '0',
      ' ',
    )
    fc.assert(
      fc.property(
        fc.array(piece).map(parts => parts.join('')),
        text => void parseGate(text),
      ),
    )
    fc.assert(fc.property(fc.string(), text => void parseGate(text)))
  })
})
