import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBehaviour } from '../../../mocks/behaviour.ts'
import { DeadlineHeap } from '../../../mocks/deadline-heap.ts'
import { HistogramCounts } from '../../../mocks/histogram-counts.ts'
import { parseSettings } from '../../../mocks/settings.ts'
import { SpentMarks } from '../../../mocks/spent-marks.ts'
import { Subscribers } from '../../../mocks/subscribers.ts'
import { MOCKS_VERSION } from '../../../mocks/version.ts'
import { histogramOf } from '../../../src/contract/histogram.ts'
import { SUBSCRIBER_LIMIT } from '../../../src/contract/people.ts'

it('the version in the handshake is the package’s', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
  expect(MOCKS_VERSION).toBe(version)
})

it('the fast histogram counts as the plain one does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double({ min: -1, max: 50_000, noNaN: true }), fc.integer({ min: 0, max: 100 }))),
      values => {
        const counts = new HistogramCounts()
        const kept = values.filter(value => value <= 0 || value > 1e-5)
        for (const value of kept) counts.add(value)
        const plain = histogramOf(kept)
        expect(counts.histogram()).toEqual({ ...plain, sum: expect.closeTo(plain.sum ?? 0, 6) })
      },
    ),
  )
})

it('deadlines come out earliest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), times => {
      const heap = new DeadlineHeap()
      for (const dueMs of times) heap.push({ dueMs, run: () => undefined })
      const out: number[] = []
      for (let item = heap.pop(); item !== undefined; item = heap.pop()) out.push(item.dueMs)
      expect(out).toEqual([...times].sort((a, b) => a - b))
    }),
  )
})

it('marks remember exactly the tokens they were given, up to the last index', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff })), fc.integer({ min: 0, max: 0xffff_ffff }), (given, other) => {
      const marks = new SpentMarks()
      const known = new Set<number>()
      for (const index of [...given, 0, 31, 32, 32_767, 32_768, 0x8000_0000, 0xffff_ffff]) {
        expect(marks.add(index)).toBe(!known.has(index))
        known.add(index)
      }
      expect(marks.has(other)).toBe(known.has(other))
    }),
  )
})

describe('fresh subscribers', () => {
  it('lie above the load’s, belong to the carrier asked for, and never come twice', () => {
    const people = new Subscribers(1000, ['china-mobile', 'china-unicom', 'china-telecom'])
    const mine = Array.from({ length: 9 }, () => people.fresh('china-unicom')!)
    expect(mine.every(index => index >= 1000 && index % 3 === 1)).toBe(true)
    const turns = Array.from({ length: 6 }, () => people.fresh()!)
    expect(turns.map(index => index % 3)).toEqual([0, 1, 2, 0, 1, 2])
    expect(new Set([...mine, ...turns]).size).toBe(15)
  })

  it('come from the top downward when load may use all ten million, and from the load’s own when the rest is gone', () => {
    const full = new Subscribers(SUBSCRIBER_LIMIT, ['china-mobile'])
    expect([full.fresh(), full.fresh()]).toEqual([9_999_999, 9_999_996])
    const nearly = new Subscribers(SUBSCRIBER_LIMIT - 4, ['china-mobile'])
    expect([nearly.fresh(), nearly.fresh(), nearly.fresh()]).toEqual([9_999_996, 9_999_999, 9_999_993])
  })
})

describe('a behaviour from outside', () => {
  it('is taken field by field', () => {
    expect(parseBehaviour({ singleUse: 'lenient' })).toEqual({ singleUse: 'lenient' })
    const faults = [
      { id: 'error-rate', share: 0.5, answer: 'http' },
      { id: 'hang', share: 1, holdMs: 50 },
    ]
    expect(parseBehaviour({ latency: { kind: 'lognormal', medianMs: 60, p99Ms: 60 }, faults })).toEqual({
      latency: { kind: 'lognormal', medianMs: 60, p99Ms: 60 },
      faults,
    })
  })

  it.each([
    null,
    [],
    { speed: 1 },
    { singleUse: true },
    { latency: { kind: 'slow' } },
    { latency: { kind: 'fixed', ms: -1 } },
    { latency: { kind: 'lognormal', medianMs: 60, p99Ms: 50 } },
    { latency: { kind: 'fixed', ms: Number.NaN } },
    { faults: {} },
    { faults: [{ id: 'error-rate', share: 1.1, answer: 'http' }] },
    { faults: [{ id: 'error-rate', share: 0.1, answer: 'rude' }] },
    { faults: [{ id: 'hang', share: 0.1 }] },
    { faults: [{ id: 'flood', share: 0.1 }] },
  ])('is refused with a reason: %j', value => {
    expect(parseBehaviour(value)).toEqual({ problem: expect.stringMatching(/\w/) })
  })
})

describe('settings', () => {
  const good = {
    runId: 'r',
    seed: 1,
    subscribers: 10,
    carriers: ['china-mobile'],
    behaviour: { latency: { kind: 'none' }, faults: [], singleUse: 'strict' },
  }

  it('are read as they were written', () => {
    expect(parseSettings(JSON.stringify({ ...good, ports: { control: 0 }, host: '127.0.0.1' }))).toMatchObject(good)
  })

  it.each([
    [{ runId: '' }, 'runId'],
    [{ seed: -1 }, 'seed'],
    [{ subscribers: 10_000_001 }, 'subscribers'],
    [{ carriers: [] }, 'carriers'],
    [{ carriers: ['china-mobile', 'china-mobile'] }, 'carriers'],
    [{ carriers: ['nobody'] }, 'carriers'],
    [{ behaviour: { singleUse: 'strict' } }, 'behaviour'],
    [{ ports: { control: 70_000 } }, 'ports.control'],
    [{ ports: { web: 1 } }, 'ports.web'],
    [{ host: 7 }, 'host'],
  ])('are refused with the field that is wrong: %j', (change, field) => {
    expect(() => parseSettings(JSON.stringify({ ...good, ...change }))).toThrow(field)
  })
})
