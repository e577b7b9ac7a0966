import { expect, it } from 'vitest'
import { loadLine, statusBlock } from '../../../src/cli/status-block.ts'
import type { LoadProgress } from '../../../src/contract/engine.ts'

const progress: LoadProgress = {
  elapsedMs: 12_000,
  totalMs: 60_000,
  ratePerSecond: 98.6,
  offeredPerSecond: 100,
  p95Ms: 300,
  failed: 3,
  dropped: 1,
  second: { p50Ms: 120.4, p99Ms: 890, addedP50Ms: 2.34, addedP99Ms: null, errors: { refused: 0, failed: 1, carrierFailed: 0 } },
}

it('a terminal shows rate offered and achieved, latencies, what the backend added, errors by kind and time left', () => {
  expect(statusBlock(progress, { refused: 1, failed: 3, carrierFailed: 7 })).toEqual([
    'offered 100/s   achieved 99/s   48 s left of 60',
    'login   p50 120 ms   p99 890 ms     backend-added p50 2.3 ms   p99 –',
    'errors  refused 1   failed 3   by the carrier 7   dropped 1',
  ])
})

it('a pipe gets it as one line, also from an engine that tells less', () => {
  expect(loadLine(progress)).toBe('12/60 s  99/s of 100/s  p50 120 ms  p99 890 ms  added p99 –  failed 3  dropped 1')
  const { second: _, ...less } = progress
  expect(statusBlock(less, { refused: 0, failed: 0, carrierFailed: 0 })).toEqual([loadLine(less)])
})
