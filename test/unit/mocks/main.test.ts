import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import type { MocksReady } from '../../../src/contract/journal.ts'
import { SETTINGS } from './started-mocks.ts'

const ENTRY = fileURLToPath(new URL('../../../mocks/main.ts', import.meta.url))
const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [ENTRY], { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'inherit'] })
  started.push(child)
  let out = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    out += chunk
  })
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  const firstLine = async (): Promise<unknown> => {
    while (!out.includes('\n')) await Promise.race([once(child.stdout, 'data'), exit])
    return JSON.parse(out)
  }
  return { child, exit, firstLine, text: () => out }
}

const settings = (change: object = {}) => JSON.stringify({ ...SETTINGS, carriers: ['china-unicom'], ...change })

it('prints one line when all ports listen, and ends with 0 on SIGTERM', async () => {
  const { child, exit, firstLine, text } = start({ ONETAP_MOCKS_SETTINGS: settings() })
  const ready = (await firstLine()) as MocksReady
  expect(ready).toMatchObject({ runId: SETTINGS.runId, providers: [{ provider: 'china-unicom' }] })
  expect((await fetch(`${ready.controlUrl}/__onetap/health`)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
  expect(text().trimEnd().split('\n')).toHaveLength(1)
})

it('reads its settings from stdin, and ends when the parent’s pipe closes', async () => {
  const { child, exit, firstLine } = start({ ONETAP_MOCKS_SETTINGS: '-', ONETAP_PARENT_PIPE: '1' })
  child.stdin?.write(`${settings()}\n`)
  expect(await firstLine()).toMatchObject({ runId: SETTINGS.runId })
  child.stdin?.end()
  expect(await exit).toBe(0)
})

it('says which port is taken and ends with 3', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const { exit, firstLine } = start({ ONETAP_MOCKS_SETTINGS: settings({ ports: { control: port } }) })
  expect(await firstLine()).toEqual({
    error: { code: 'PORT_IN_USE', message: expect.stringContaining(String(port)), hint: expect.any(String) },
  })
  expect(await exit).toBe(3)
  taken.close()
})

it('says what is wrong with its settings and ends with 2', async () => {
  const { exit, firstLine } = start({ ONETAP_MOCKS_SETTINGS: settings({ seed: 'x' }) })
  expect(await firstLine()).toMatchObject({ error: { code: 'CONFIG', message: expect.stringContaining('seed') } })
  expect(await exit).toBe(2)
})
