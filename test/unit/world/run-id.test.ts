import { expect, test } from 'vitest'
import { newRunId } from '../../../src/world/run-id.ts'

test('run ids sort by time and are unique within one millisecond', () => {
  const atMs = Date.UTC(2026, 0, 2, 3, 4, 5)
  expect(newRunId(atMs)).toMatch(/^20260102-030405-[0-9a-f]{8}$/)
  expect(newRunId(atMs) < newRunId(atMs + 1000)).toBe(true)
  expect(new Set(Array.from({ length: 100 }, () => newRunId(atMs))).size).toBe(100)
})
