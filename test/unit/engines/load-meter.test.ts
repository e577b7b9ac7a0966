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
  const silent = (count: number) => new Array<LiveStep>(count).fill(step(5, 5))

  it('gives it up after three silent seconds in a row', () => {
    const watch = new DeathWatch()
    expect(silent(12).map(s => watch.sees(s))).toEqual([...new Array<boolean>(11).fill(false), true])
  })

  it('starts again at the first reply', () => {
    const watch = new DeathWatch()
    expect([...silent(11), step(5, 4), ...silent(11)].map(s => watch.sees(s))).not.toContain(true)
  })

  it('makes nothing of seconds in which no request ended', () => {
    const watch = new DeathWatch()
    for (let i = 0; i < 9; i++) expect(watch.sees(step(0, 0))).toBe(false)
  })
})

describe('the progress', () => {
  function meterAt(startMs: number): LoadMeter {
    const meter = new LoadMeter(fakeJob('').plan, 2000)
    meter.start(startMs)
    return meter
  }

  it('comes once a second, over all pushes of it', () => {
    const meter = meterAt(1000)
    const told = [1250, 1500, 1750, 2000, 2250].map(nowMs => meter.take(step(25, 0), new LiveSeries(), nowMs))
    expect(told.map(p => p !== undefined)).toEqual([false, false, false, true, false])
    expect(told[3]).toMatchObject({
      elapsedMs: 1000,
      totalMs: 2000,
      ratePerSecond: 100,
      offeredPerSecond: 100,
      p95Ms: expect.closeTo(20, 0),
    })
  })

  it('has no p95 while nothing is granted', () => {
    expect(meterAt(1000).take({ ...step(0, 0, 9), histograms: new Map() }, new LiveSeries(), 2000)?.p95Ms).toBeNull()
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
