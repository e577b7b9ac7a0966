import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('../../../reference-backend/main.ts', import.meta.url))

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

interface Ended {
  code: number | null
  stderr: string
}

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: environment, stdio: ['pipe', 'pipe', 'pipe'] })
  children.push(child)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout }).on('line', line => lines.push(line))
  const firstLine = once(reader, 'line').then(([line]) => JSON.parse(line))
  const ended: Promise<Ended> = once(child, 'close').then(([code]) => ({ code, stderr }))
  return { child, lines, firstLine, ended }
}

it('prints one line, answers with its identity and ends on SIGTERM with 0', async () => {
  const started = start({ ONETAP_RUN_ID: 'run-7', FLAWS: 'nonce-single-use=racy', SESSION: 'opaque' })
  const line = await started.firstLine
  expect(line).toEqual({ listening: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), runId: 'run-7' })
  expect(await (await fetch(`${line.listening}/__onetap/identity`)).json()).toEqual({
    runId: 'run-7',
    role: 'target',
    name: 'reference-backend',
    version: expect.any(String),
    flaws: ['nonce-single-use=racy'],
    session: 'opaque',
    dialect: 'rest',
    stores: 'embedded',
    pid: started.child.pid,
  })
  expect((await fetch(`${line.listening}/healthz`)).status).toBe(200)
  started.child.kill('SIGTERM')
  expect(await started.ended).toEqual({ code: 0, stderr: '' })
  expect(started.lines).toHaveLength(1)
})

it('ends when its parent’s pipe closes, if told to watch it', async () => {
  const started = start({ ONETAP_PARENT_PIPE: '1' })
  expect((await started.firstLine).runId).toBeNull()
  started.child.stdin.end()
  expect(await started.ended).toEqual({ code: 0, stderr: '' })
})

it('ends with 2 and one sentence when the environment is wrong', async () => {
  const started = start({ FLAWS: 'nonce-single-use=none' })
  const { code, stderr } = await started.ended
  expect(code).toBe(2)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain('known: reusable, racy')
  expect(started.lines).toEqual([])
})

it('ends with 1 when the port is taken', async () => {
  const first = start({})
  const { listening } = await first.firstLine
  const second = start({ PORT: new URL(listening).port })
  expect((await second.ended).code).toBe(1)
})
