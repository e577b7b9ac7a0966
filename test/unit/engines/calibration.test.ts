import { expect, it } from 'vitest'
import { whatIsWrong } from '../../../src/engines/calibration/generator.ts'
import { loadOf } from '../judge/evidence-builder.ts'

it('a rate counts as offered only in good order, and what was not is said', () => {
  const generator = { cpuShare: 0.3, maxUsers: 9, notes: [] }
  expect(whatIsWrong(loadOf())).toBeNull()
  expect(whatIsWrong(loadOf({ dropped: 2 }))).toContain('dropped')
  expect(whatIsWrong(loadOf({ completed: 1999 }))).toContain('1999 of 2000')
  expect(whatIsWrong(loadOf({ generator: { ...generator, cpuShare: 0.9 } }))).toContain('90 %')
  expect(whatIsWrong(loadOf({ generator: { ...generator, latenessMs: { p50: 1, p99: 80, max: 90 } } }))).toContain('80 ms late')
  expect(whatIsWrong(loadOf({ end: { exitCode: 1, reason: 'engine-died' } }))).toContain('engine-died')
})
