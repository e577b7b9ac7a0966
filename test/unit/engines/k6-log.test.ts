import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readK6Log } from '../../../src/engines/k6-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'onetap-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

function log(text: string): string {
  const path = join(folder, `${text.length}.log`)
  writeFileSync(path, text)
  return path
}

const errorIn = async (path: string) => (await readK6Log(path)).lastError

it('the last error of a k6 log is the message of its last line', async () => {
  expect(await errorIn(log('{"msg":"first"}\n{"level":"error","msg":"last"}\n'))).toBe('last')
})

it('a line that was cut off is told as it stands', async () => {
  expect(await errorIn(log('{"msg":"first"}\n{"level":"err'))).toBe('{"level":"err')
})

it('an empty log and a missing one hold no error', async () => {
  expect(await errorIn(log(''))).toBeUndefined()
  expect(await errorIn(join(folder, 'none'))).toBeUndefined()
})

it('visits named by the driver are no errors, and come in order', async () => {
  const path = log('{"msg":"boom"}\n{"msg":"not granted: visit 17"}\n{"msg":"not granted: visit 4"}\n')
  expect(await readK6Log(path)).toEqual({ lastError: 'boom', notGranted: [4, 17] })
})
