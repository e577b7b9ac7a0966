import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { onetap, startOnetap } from './real-binary.ts'

test('`backend` prints its address, is what the flags say, and ends with Ctrl-C', async () => {
  const flags = ['--session', 'opaque', '--flaws', 'nonce-single-use=racy', '--dialect', 'cookies', '--port', '0']
  const running = startOnetap(['backend', ...flags])
  const [address] = (await once(createInterface({ input: running.child.stdout! }), 'line')) as [string]
  const identity = await (await fetch(`${address}/__onetap/identity`)).json()
  expect(identity).toMatchObject({ session: 'opaque', flaws: ['nonce-single-use=racy'], dialect: 'cookies', runId: null })
  running.child.kill('SIGINT')
  const { code, stderr } = await running.ended
  expect(code, stderr).toBe(0)
  await expect(fetch(`${address}/healthz`)).rejects.toThrow()
})

test.each([
  [['--flaws', 'none=none'], 'FLAWS: there is no control "none"; known: '],
  [['--dialect', 'pidgin'], 'DIALECT: there is no dialect "pidgin"; known: rest, '],
  [['--session', 'cookie'], 'one of jwt, opaque is wanted'],
])('`backend %j` ends with 2 and the backend’s own sentence', async (flags, sentence) => {
  const { code, stderr, stdout } = await onetap(['backend', ...flags])
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(sentence)
})

test('`backend` on a port that is taken ends with 3', async () => {
  const first = startOnetap(['backend'])
  const [address] = (await once(createInterface({ input: first.child.stdout! }), 'line')) as [string]
  const second = await onetap(['backend', '--port', new URL(address).port])
  first.child.kill('SIGTERM')
  expect(second.code, second.stderr).toBe(3)
  expect(second.stderr).toContain('EADDRINUSE')
  expect((await first.ended).code).toBe(0)
})
