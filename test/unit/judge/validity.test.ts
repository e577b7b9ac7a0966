import { describe, expect, it } from 'vitest'
import type { GeneratorInstance, LoadEvidence } from '../../../src/contract/engine.ts'
import { histogramOf } from '../../../src/contract/histogram.ts'
import { judge } from '../../../src/judge/judge.ts'
import { hostAndPort } from '../../../src/judge/validity.ts'
import { attackPlanOf, carrierOf, type LedgerParts, ledgerOf, loadOf, loadPlanOf, planOf, totalOf } from './evidence-builder.ts'

/** Each row spoils one thing; exactly that check must bite, and no load budget may be green. */
const SPOILED: [check: string, what: string, parts: LedgerParts][] = [
  ['mocks-loop', 'the mocks were starved', { carrier: carrierOf({ loopDelayMs: { p50: 1, p99: 300, max: 500 } }) }],
  ['clock-jump', 'the clock was set', { watch: { loopDelayMs: { p50: 0, p99: 0, max: 0 }, clockJumpMs: 3000 } }],
  [
    'ledger-match',
    'a login was granted that no carrier knows of',
    { tokens: { from: 0, to: 2000, called: 1999, redeemed: 1999, unredeemed: [17], unnamed: 0 } },
  ],
  ['load-evidence', 'the ledger holds no load', { load: null }],
  ['samples', 'no exchange was measured', { load: loadOf({ totals: [totalOf('nonce', 'granted', 2000)] }) }],
  ['exchanges-granted', 'everyone was refused', { load: loadOf({ totals: [totalOf('oneTap', 'refused', 2000)] }) }],
  ['dropped-arrivals', 'one arrival was dropped', { load: loadOf({ attempted: 1999, completed: 1999, dropped: 1 }) }],
  ['completed-visits', 'one visit never ended', { load: loadOf({ completed: 1999 }) }],
  ['completed-visits', 'nothing was begun', { load: loadOf({ attempted: 0, completed: 0 }) }],
  ['arrivals-planned', 'the generator offered 2 % fewer arrivals', { load: loadOf({ attempted: 1960, completed: 1960 }) }],
  ['achieved-rate', 'the load took 3 % longer', { load: loadOf({ durationMs: 20_620 }) }],
  ['achieved-rate', 'an open model tells no offered rate', { load: loadOf({ offeredPerSecond: null }) }],
  [
    'generator-cpu',
    'the generator had no processor time left',
    { load: loadOf({ generator: { cpuShare: 0.8, maxUsers: 1, notes: [] } }) },
  ],
  [
    'generator-cpu',
    'the generator did not tell its processor time',
    { load: loadOf({ generator: { cpuShare: null, maxUsers: 1, notes: [] } }) },
  ],
  ['transport-errors', 'more than 1 % of requests got no reply', { load: loadOf({ transportErrors: 70 }) }],
  ['engine-ended', 'the engine died', { load: loadOf({ end: { exitCode: 107, reason: 'engine-died' } }) }],
  ['engine-ended', 'the target died', { load: loadOf({ end: { exitCode: 0, reason: 'target-died' } }) }],
  ['carrier-calls', 'fewer carrier calls than granted logins', { carrier: carrierOf({ calls: 1999 }) }],
  ['carrier-calls', 'the mocks left no journal', { carrier: null }],
  [
    'mock-delay-p50',
    'the mock was late by 6 ms in the median',
    { carrier: carrierOf({ delayErrorMs: histogramOf(Array(2000).fill(6)) }) },
  ],
  [
    'mock-delay-p99',
    'the mock was late by 120 ms at p99',
    { carrier: carrierOf({ delayErrorMs: histogramOf([...Array(1900).fill(0.1), ...Array(100).fill(120)]) }) },
  ],
  ['mock-delay-p99', 'the mock measured no delay', { carrier: carrierOf({ delayErrorMs: histogramOf([]) }) }],
  ['generators-reported', 'a generator died', { load: loadOf({ generator: generatorOf({ finished: false }) }) }],
  [
    'generators-reported',
    'a generator never reported',
    { load: loadOf({ generator: generatorOf({ reported: false, attempted: 0 }) }) },
  ],
  ['generators-reported', 'there are more generators than planned', { load: loadOf({ generator: generatorOf({}, {}) }) }],
  ['arrival-lateness', 'arrivals began 60 ms late at p99', { load: loadOf({ generator: lateBy(60) }) }],
  ['run-ended', 'the run was interrupted', { ended: 'interrupted' }],
  ['run-ended', 'the ledger has no last record', { ended: null }],
  ['target-identity', 'the target tells no identity and nobody named it', { identityRunId: null }],
  ['target-identity', 'the target belongs to another run', { identityRunId: 'another-run' }],
]

function generatorOf(...changes: Partial<GeneratorInstance>[]): LoadEvidence['generator'] {
  const { generator } = loadOf()
  const sound = generator.instances?.[0] ?? { index: 0, reported: true, finished: true, exitCode: 0, attempted: 1 }
  return { ...generator, instances: changes.map((change, index) => ({ ...sound, index, ...change })) }
}

function lateBy(p99: number): LoadEvidence['generator'] {
  return { ...loadOf().generator, latenessMs: { p50: 1, p99, max: p99 * 2 } }
}

describe('validity', () => {
  it('passes sound evidence on every check', () => {
    const { validity } = judge(ledgerOf(), planOf(), [])
    expect(validity.outcome).toBe('pass')
    expect(validity.checks.map(check => [check.id, check.outcome])).toEqual(validity.checks.map(check => [check.id, 'pass']))
    expect(validity.checks.length).toBeGreaterThanOrEqual(14)
  })

  it.each(SPOILED)('%s bites when %s', (check, _what, parts) => {
    const result = judge(ledgerOf(parts), planOf(), [])
    const found = result.validity.checks.find(one => one.id === check)
    expect(found?.outcome).toBe('inconclusive')
    expect(result.validity.outcome).toBe('inconclusive')
    expect(result.gates.map(gate => gate.outcome)).toEqual(['inconclusive'])
    expect(result.exitCode).not.toBe(0)
    expect(result.verdict).not.toBe('pass')
    expect(result.reasons.some(reason => reason.code === 'VALIDITY' && reason.ref.startsWith('#/validity/checks/'))).toBe(true)
  })

  it('has a row that bites for every check there is', () => {
    const all = judge(ledgerOf(), planOf(), []).validity.checks.map(check => check.id)
    expect([...new Set(SPOILED.map(([check]) => check))].sort()).toEqual([...all].sort())
  })

  it('refuses two loads in one ledger', () => {
    const records = ledgerOf({ extra: [{ kind: 'load-finished', load: loadOf(), carrier: carrierOf() }] })
    expect(judge(records, planOf(), []).validity.checks.find(check => check.id === 'load-evidence')?.outcome).toBe('inconclusive')
  })

  it('accepts a foreign target that the configuration names', () => {
    const plan = planOf()
    const named = { ...plan, target: { ...plan.target, allow: ['127.0.0.1:40001'] } }
    expect(judge(ledgerOf({ identityRunId: null }), named, []).validity.outcome).toBe('pass')
  })

  it('asks neither for arrivals nor for a rate of a closed model', () => {
    const load = loadOf({
      engine: { id: 'autocannon', version: '9.0.0', model: 'closed' },
      offeredPerSecond: null,
      plannedArrivals: null,
    })
    const plan = planOf({ load: loadPlanOf({ shape: { kind: 'closed', users: 10, durationMs: 20_000 } }) })
    const checks = judge(ledgerOf({ load }), plan, []).validity.checks
    const skipped = checks.filter(check => check.outcome === 'not-applicable').map(check => check.id)
    expect(skipped).toEqual(['arrivals-planned', 'achieved-rate'])
  })

  it('asks each generator that the plan has for its word', () => {
    const plan = planOf({ load: loadPlanOf({ generators: 2 }) })
    const reported = (generator: LoadEvidence['generator']): string | undefined =>
      judge(ledgerOf({ load: loadOf({ generator }) }), plan, []).validity.checks.find(one => one.id === 'generators-reported')
        ?.outcome
    expect(reported(generatorOf({}, {}))).toBe('pass')
    expect(reported(generatorOf({}))).toBe('inconclusive')
    expect(reported({ cpuShare: 0.2, maxUsers: 1, notes: [] })).toBe('inconclusive')
  })

  it('does not ask for a processor share of a load that was too short to read it', () => {
    const shape = { kind: 'constant-arrival-rate', ratePerSecond: 500, durationMs: 4000 } as const
    const generator = { cpuShare: null, maxUsers: 1, notes: [] }
    const load = loadOf({ generator, durationMs: 4000, offeredPerSecond: 500 })
    expect(judge(ledgerOf({ load }), planOf({ load: loadPlanOf({ shape }) }), []).validity.outcome).toBe('pass')
  })

  describe('of a target that tells no run id', () => {
    const started = planOf().target
    const outcome = (target: Partial<typeof started>): string =>
      judge(ledgerOf({ identityRunId: null }), planOf({ target: { ...started, ...target } }), []).validity.outcome

    it('holds when this run started it and the configuration says that it tells none', () => {
      expect(outcome({ identityPath: null })).toBe('pass')
    })

    it('does not when it should have told one', () => {
      expect(outcome({})).toBe('inconclusive')
    })

    it('does not when somebody else started it and nobody named it', () => {
      expect(outcome({ identityPath: null, start: null })).toBe('inconclusive')
    })

    it('does not when there was no target at all', () => {
      const plan = planOf({ target: { ...started, identityPath: null } })
      const without = ledgerOf().filter(record => record.kind !== 'target-up')
      const checks = judge(without, plan, []).validity.checks
      expect(checks.find(check => check.id === 'target-identity')?.outcome).toBe('inconclusive')
    })
  })

  it('names what the carriers answered when the backend lets nobody in', () => {
    const load = loadOf({ totals: [totalOf('oneTap', 'refused', 2000)] })
    const text = (byResult: Record<string, number>): string | undefined =>
      judge(ledgerOf({ load, carrier: carrierOf({ byResult }) }), planOf(), []).validity.checks.find(
        check => check.id === 'exchanges-granted',
      )?.text
    expect(text({ 'china-mobile/103000': 1, 'china-mobile/103414': 1999 })).toContain('china-mobile/103414 (1999 times)')
    expect(text({})).toContain('No carrier was asked')
  })

  it('is not applicable, at best, when no load was planned', () => {
    const plan = planOf({ load: null, attack: attackPlanOf(), budgets: [] })
    expect(judge(ledgerOf({ load: null }), plan, []).validity.outcome).toBe('not-applicable')
    expect(judge(ledgerOf({ load: null, identityRunId: null }), plan, []).validity.outcome).toBe('inconclusive')
  })
})

describe('the host and port of a target', () => {
  it.each([
    ['http://127.0.0.1:8080', '127.0.0.1:8080'],
    ['http://user:pw@Example.test/path', 'example.test:80'],
    ['https://example.test?x', 'example.test:443'],
    ['http://[::1]:9', '[::1]:9'],
    ['not a url', undefined],
  ])('of %s is %s', (url, expected) => expect(hostAndPort(url)).toBe(expected))
})
