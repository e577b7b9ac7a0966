import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { HarnessError } from '../../../src/contract/errors.ts'
import type { MocksSettings } from '../../../src/contract/journal.ts'
import { startMocksProcess } from '../../../src/world/mocks.ts'

const scratch = mkdtempSync(join(tmpdir(), 'onetap-mocks-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const settings: MocksSettings = {
  runId: 'run-1',
  seed: 1,
  subscribers: 10,
  carriers: ['china-mobile'],
  behaviour: { latency: { kind: 'none' }, faults: [], singleUse: 'strict' },
}

/** An entry that behaves as the source says. */
function entry(name: string, source: string): string {
  const file = join(scratch, `${name}.mjs`)
  writeFileSync(file, source)
  return file
}

/** A control plane that answers everything with the identity given, and says so. */
const controlPlane = (runId: string): string => `
  import { createServer } from 'node:http'
  process.stdin.on('end', () => process.exit(0)).resume()
  const server = createServer((q, s) => {
    if (q.headers.authorization !== 'Bearer key') { s.statusCode = 401; return s.end('who are you') }
    if (q.url === '/__onetap/reset') { s.statusCode = 204; return s.end() }
    s.end(JSON.stringify({ runId: ${runId}, method: q.method }))
  })
  server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({
    controlUrl: 'http://127.0.0.1:' + server.address().port, controlToken: 'key', providers: [], environment: {} })))`

async function failure(file: string): Promise<HarnessError> {
  try {
    await (await startMocksProcess(file, settings)).stop()
  } catch (error) {
    return error as HarnessError
  }
  throw new Error('they started')
}

test('mocks that answer with our run id are up, and answer with their token', async () => {
  const mocks = await startMocksProcess(
    entry('good', controlPlane('JSON.parse(process.env.ONETAP_MOCKS_SETTINGS).runId')),
    settings,
  )
  try {
    expect(await mocks.totals()).toMatchObject({ method: 'GET' })
    await mocks.setBehaviour({ singleUse: 'lenient' })
    await mocks.reset()
  } finally {
    await mocks.stop()
  }
  await expect(mocks.totals()).rejects.toMatchObject({ code: 'MOCKS_FAILED' })
  expect(await mocks.died).toEqual([])
})

test('mocks that answer with another run id are not ours', async () => {
  expect(await failure(entry('foreign', controlPlane('"run-0"')))).toMatchObject({
    code: 'MOCKS_FAILED',
    message: expect.stringContaining('run-0'),
  })
})

test('trouble that the mocks name themselves is passed on with its code and hint', async () => {
  const file = entry(
    'taken',
    `console.log(JSON.stringify({ error: { code: 'PORT_IN_USE', message: 'port 9 is taken', hint: 'use 0' } }))`,
  )
  expect(await failure(file)).toMatchObject({ code: 'PORT_IN_USE', message: 'port 9 is taken', hint: 'use 0' })
})

test.each([
  ['end without a word', 'process.exit(1)', 'did not start'],
  ['end with a complaint', 'console.error("no memory"); process.exit(1)', 'no memory'],
  ['print no JSON', 'console.log("hello")', 'printed no address but: hello'],
  ['print null', 'console.log("null")', 'printed no address but: null'],
  ['print something else', 'console.log("{}")', 'printed no address but: {}'],
])('mocks that %s are told in a sentence', async (name, source, sentence) => {
  const error = await failure(entry(name, source))
  expect(error.code).toBe('MOCKS_FAILED')
  expect(error.message).toContain(sentence)
})
