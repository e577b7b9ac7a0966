import { describe, expect, it } from 'vitest'
import type { LoadShape } from '../../../src/contract/shape.ts'
import { VISIT_SPAN } from '../../../src/contract/visit.ts'
import { k6Plan } from '../../../src/engines/k6-plan.ts'
import { loadTiming } from '../../../src/engines/load-timing.ts'
import { fakeJob } from '../../contract/fake-backend/job.ts'

interface Executor {
  executor: string
  rate?: number
  timeUnit?: string
  vus?: number
  preAllocatedVUs?: number
  maxVUs?: number
  duration: string
  startTime: string
}

const open: LoadShape = { kind: 'constant-arrival-rate', ratePerSecond: 200, durationMs: 5000 }

function scenariosOf(...args: Parameters<typeof fakeJob>): Record<string, Executor | undefined> {
  return k6Plan(fakeJob(...args)).constants.options.scenarios as Record<string, Executor>
}

describe('a k6 plan', () => {
  it('offers an open load at its rate, with no more users than are allowed', () => {
    expect(scenariosOf('http://x', { plan: { shape: open, maxUsers: 40 } }).measured).toMatchObject({
      executor: 'constant-arrival-rate',
      rate: 200,
      timeUnit: '1s',
      preAllocatedVUs: 40,
      maxVUs: 40,
      duration: '5000ms',
      startTime: '0ms',
    })
  })

  it('keeps a rate that is no whole number', () => {
    const { measured } = scenariosOf('http://x', { plan: { shape: { ...open, ratePerSecond: 0.5 } } })
    expect(measured).toMatchObject({ rate: 500, timeUnit: '1000s' })
  })

  it('hands a shape of stages on as it is and warms up at the rate it begins with', () => {
    const stages = [
      { toPerSecond: 20, durationMs: 0 },
      { toPerSecond: 62.5, durationMs: 4000 },
    ]
    const shape: LoadShape = { kind: 'ramping-arrival-rate', fromPerSecond: 5, stages, durationMs: 4000 }
    const { measured, warm_up: warmUp } = scenariosOf('http://x', { plan: { shape, warmUpMs: 1000 } })
    expect(measured).toMatchObject({
      executor: 'ramping-arrival-rate',
      startRate: 5000,
      timeUnit: '1000s',
      stages: [
        { target: 20_000, duration: '0ms' },
        { target: 62_500, duration: '4000ms' },
      ],
    })
    expect(measured).not.toHaveProperty('duration')
    expect(warmUp).toMatchObject({ executor: 'constant-arrival-rate', rate: 20, timeUnit: '1s', duration: '1000ms' })
  })

  it('makes users ready for a slow carrier: arrivals a second times how long a login takes', () => {
    const carriers = { ...fakeJob('').carriers, latency: { kind: 'fixed', ms: 750 } as const }
    const { measured } = scenariosOf('http://x', { carriers, plan: { shape: open, maxUsers: 1000 } })
    expect(measured?.preAllocatedVUs).toBe(200 * (0.75 + 1.5))
  })

  it('makes users ready for logins that hang until they time out', () => {
    const faults = [{ id: 'hang', share: 0.1, holdMs: 60_000 }] as const
    const carriers = { ...fakeJob('').carriers, faults }
    const { measured } = scenariosOf('http://x', { carriers, plan: { shape: open, maxUsers: 1000, requestTimeoutMs: 5000 } })
    expect(measured?.preAllocatedVUs).toBe(200 * 1.5 + 100)
  })

  it('keeps a closed load at its users', () => {
    const { measured } = scenariosOf('http://x', { plan: { shape: { kind: 'closed', users: 7, durationMs: 1000 } } })
    expect(measured).toMatchObject({ executor: 'constant-vus', vus: 7 })
  })

  it('warms up before and apart: other users times, other tokens', () => {
    const change = { firstIndex: 500, plan: { shape: open, warmUpMs: 2000 } }
    const { warm_up: warmUp, measured } = scenariosOf('http://x', change)
    expect(warmUp).toMatchObject({ startTime: '0ms', duration: '2000ms', rate: 200 })
    expect(measured?.startTime).toBe('3000ms')
    const { constants } = k6Plan(fakeJob('http://x', change))
    expect(constants.firstIndex).toBe(500)
    expect(constants.firstWarmUpIndex).toBe(500 + VISIT_SPAN.warmUp)
  })

  it('has no warm-up where none is asked for', () => {
    expect(Object.keys(scenariosOf('http://x', { plan: { shape: open, warmUpMs: 0 } }))).toEqual(['measured'])
    expect(loadTiming(fakeJob('', { plan: { shape: open } }).plan)).toMatchObject({ measuredAtMs: 0, totalMs: 5000 })
  })

  it('asks the summary for every figure that a budget may name, and follows no redirect', () => {
    expect(k6Plan(fakeJob('http://x')).constants.options).toMatchObject({
      summaryTrendStats: ['min', 'max', 'p(50)', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'count'],
      maxRedirects: 0,
    })
  })
})
