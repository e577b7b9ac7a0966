import { expect, it } from 'vitest'
import { outputLog } from '../../../src/world/output-log.ts'

it('gives what was written since a mark, and nothing older', () => {
  const log = outputLog()
  log.add('before')
  const mark = log.mark()
  expect(log.since(mark)).toEqual([])
  log.add('after')
  expect(log.since(mark)).toEqual(['after'])
})

it('forgets the oldest of a flood, not the latest', () => {
  const log = outputLog()
  for (let i = 0; i < 30_000; i++) log.add(`line ${i}`)
  const kept = log.since(0)
  expect(kept.length).toBeLessThanOrEqual(10_000)
  expect(kept.at(-1)).toBe('line 29999')
  expect(log.since(29_999)).toEqual(['line 29999'])
})
