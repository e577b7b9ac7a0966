import { describe, expect, it } from 'vitest'
import { histogramOf } from '../../../src/contract/histogram.ts'
import { CpuMeter } from '../../../src/engines/cpu-meter.ts'
import { LiveSeries, type LiveStep } from '../../../src/engines/live-series.ts'
import { DeathWatch, LoadMeter } from '../../../src/engines/load-meter.ts'
import { fakeJob } from '../../contract/fake-backend/job.ts'

function step(requests: number, transport: number, iterations = requests): LiveStep {
  const histogram = histogramOf(new Array<number>(requests).fill(20))
  return {
    counters: { attempted: iterations, completed: iterations, transport, threw: 0 },
    iterations,
    dropped: 0,
    histograms: new Map([['oneTap granted', { series: 'oneTap', outcome: 'granted', histogram }]]),
  }
}

describe('the watch for a dead target', () => {
  it('gives it up after three silent seconds in a row', () => {
    const watch = new DeathWatch()
    expect([step(5, 5), step(5, 5), step(5, 5)].map(s => watch.sees(s))).toEqual([false, false, true])
  })

  it('starts again at the first reply', () => {
    const watch = new DeathWatch()
    expect([step(5, 5), step(5, 5), step(5, 4), step(5, 5), step(5, 5)].map(s => watch.sees(s))).not.toContain(true)
  })

  it('makes nothing of seconds in which no request ended', () => {
    const watch = new DeathWatch()
    for (let i = 0; i < 9; i++) expect(watch.sees(step(0, 0))).toBe(false)
  })
})

describe('the progress', () => {
  it('tells rate and p95 of the last second', () => {
    const meter = new LoadMeter(fakeJob('').plan, 2000)
    meter.start(1000)
    expect(meter.progress(step(50, 0), new LiveSeries(), 1500)).toMatchObject({
      elapsedMs: 500,
      totalMs: 2000,
      ratePerSecond: 100,
      offeredPerSecond: 100,
      p95Ms: expect.closeTo(20, 0),
    })
  })

  it('has no p95 while nothing is granted, and says nothing of a moment', () => {
    const meter = new LoadMeter(fakeJob('').plan, 2000)
    meter.start(1000)
    expect(meter.progress({ ...step(0, 0, 9), histograms: new Map() }, new LiveSeries(), 2000)?.p95Ms).toBeNull()
    expect(meter.progress(step(1, 0), new LiveSeries(), 2010)).toBeUndefined()
  })
})

describe('the CPU share', () => {
  it('is CPU time over wall time and cores, from the second sample on', () => {
    const cpu = new CpuMeter(2)
    cpu.add(1, 1000)
    expect(cpu.share()).toBeNull()
    cpu.add(2, 2000)
    expect(cpu.share()).toBe(0.5)
  })
})
