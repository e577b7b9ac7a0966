import { afterEach, expect, it } from 'vitest'
import { RequestDeadlines } from '../../../src/engines/request-deadlines.ts'

let deadlines: RequestDeadlines | undefined
afterEach(() => deadlines?.close())

it('requests run out of time in the order they were sent, and not before', () => {
  let nowMs = 0
  const watch = new RequestDeadlines(100, () => nowMs)
  deadlines = watch
  const late: string[] = []
  const request = (name: string) => ({ late: () => void late.push(name) })
  const answered = request('answered')
  watch.add(request('first'))
  watch.add(answered)
  nowMs = 50
  watch.add(request('second'))
  watch.delete(answered)
  nowMs = 99
  watch.sweep()
  expect(late).toEqual([])
  nowMs = 100
  watch.sweep()
  watch.sweep()
  expect(late).toEqual(['first'])
  nowMs = 150
  watch.sweep()
  expect(late).toEqual(['first', 'second'])
})
