import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import { parseRecording, readRecordings } from '../../../src/config/recorded-latency.ts'
import { resolvePlan } from '../../../src/config/resolve-plan.ts'
import { FAULT_IDS, type FaultRule } from '../../../src/contract/fault.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'onetap-recording-'))
afterAll(() => rmSync(folder, { recursive: true }))

const checked = (mocks: unknown) => checkConfig({ target: { url: 'http://127.0.0.1:1' }, mocks }, 'onetap.config.ts')
const planned = (mocks: unknown) => resolvePlan(readRecordings(checked(mocks), folder), { mode: 'run' }, 'r').mocks
const latencyOf = (latency: unknown) => planned({ latency }).latency

describe('a latency profile in a configuration', () => {
  it.each([
    [{ kind: 'uniform', minMs: 1, maxMs: 2 }],
    [{ kind: 'percentiles', points: { p50: 40, p95: 200, p999: 900 } }],
    [{ kind: 'recorded', quantilesMs: [1, 2, 2, 9] }],
    [{ kind: 'step', before: { kind: 'none' }, atMs: 5, after: { kind: 'fixed', ms: 9 } }],
    [{ kind: 'brown-out', base: { kind: 'fixed', ms: 9 }, factor: 4, fromMs: 1, toMs: 2, rampMs: 0 }],
  ])('%j reaches the plan as it is written', latency => {
    expect(latencyOf(latency)).toEqual(latency)
  })

  it.each([
    [{ kind: 'uniform', minMs: 3, maxMs: 2 }, 'maxMs'],
    [{ kind: 'percentiles', points: { p50: 40 } }, 'two percentiles'],
    [{ kind: 'percentiles', points: { p50: 40, p95: 10 } }, 'p95'],
    [{ kind: 'recorded' }, 'either file or quantilesMs'],
    [{ kind: 'recorded', quantilesMs: [2, 1] }, 'ascend'],
    [{ kind: 'step', before: { kind: 'none' }, after: { kind: 'none' } }, 'atMs'],
    [{ kind: 'brown-out', base: { kind: 'none' }, factor: 4, fromMs: 2, toMs: 1 }, 'toMs'],
    [{ kind: 'step', before: { kind: 'step' }, atMs: 1, after: { kind: 'none' } }, 'before'],
  ])('%j is refused', (latency, word) => {
    expect(() => latencyOf(latency)).toThrow(word)
  })

  it('may name a file, whose quantiles then stand in the plan', () => {
    writeFileSync(path.join(folder, 'measured.txt'), '12\n3.5\n\n40\n')
    expect(latencyOf({ kind: 'recorded', file: 'measured.txt' })).toEqual({ kind: 'recorded', quantilesMs: [3.5, 12, 40] })
    const step = { kind: 'step', before: { kind: 'none' }, atMs: 1, after: { kind: 'recorded', file: 'measured.txt' } }
    expect(latencyOf(step)).toMatchObject({ after: { quantilesMs: [3.5, 12, 40] } })
  })

  it('says which file cannot be read or holds no times', () => {
    writeFileSync(path.join(folder, 'words.txt'), '12 many')
    expect(() => latencyOf({ kind: 'recorded', file: 'absent.txt' })).toThrow(/absent\.txt cannot be read/)
    expect(() => latencyOf({ kind: 'recorded', file: 'words.txt' })).toThrow(
      /words\.txt holds something else than a time at place 2/,
    )
  })

  it.each([
    ['[1, 2.5]', [1, 2.5]],
    ['1;2,3\n4', [1, 2, 3, 4]],
    ['', 'holds no times'],
    ['[]', 'holds no times'],
    ['[1,', 'is no JSON list'],
    ['[1,"2"]', 'holds something else than a time at place 2'],
    ['1 -2', 'holds something else than a time at place 2'],
    ['1e999', 'holds something else than a time at place 1'],
  ])('a recording %j is read as %j', (text, expected) => {
    expect(parseRecording(text)).toEqual(expected)
  })
})

describe('a fault rule in a configuration', () => {
  it('may be any fault there is, with its defaults filled in', () => {
    const needed: Record<string, object> = {
      'clock-skew': { skewMs: 5 },
      'late-answer': { lateMs: 5 },
      mislabelled: { status: 500 },
    }
    const { faults } = planned({ faults: FAULT_IDS.map(id => ({ id, share: 0.1, ...needed[id] })) })
    expect(faults.map(rule => rule.id)).toEqual(FAULT_IDS)
    expect(faults.find(rule => rule.id === 'hang')).toEqual({ id: 'hang', share: 0.1, holdMs: 10_000 })
  })

  it('keeps its scope', () => {
    const rule: FaultRule = {
      id: 'reset',
      share: 1,
      name: 'cut',
      providers: ['china-mobile'],
      operations: ['tokenValidate'],
      fromMs: 1,
      toMs: 2,
      ttlMs: 3,
    }
    expect(planned({ faults: [rule] }).faults).toEqual([rule])
  })

  it.each([
    [{ id: 'reset' }, 'share'],
    [{ id: 'reset', share: 1, holdMs: 1 }, 'holdMs'],
    [{ id: 'resett', share: 1 }, 'resett'],
    [{ id: 'error-rate', share: 1, status: 200 }, 'status'],
    [{ id: 'error-rate', share: 1, answer: 'business', status: 500 }, 'status'],
    [{ id: 'error-rate', share: 1, code: '1' }, 'code'],
    [{ id: 'redirect', share: 1, status: 200 }, 'status'],
    [{ id: 'reset', share: 1, providers: ['china'] }, 'providers'],
  ])('%j is refused', (rule, word) => {
    expect(() => planned({ faults: [rule] })).toThrow(word)
  })
})
