import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { callBudget, guardedCalls } from '../../../reference-backend/carriers/call-guard.ts'
import { openTransport, TRANSPORT_STANDARD } from '../../../reference-backend/carriers/transport.ts'
import { startPatient } from './patient.ts'

function settings(fields = {}) {
  const clock = { nowMs: 0 }
  return { clock, maxConcurrent: 2, maxWaiting: 1, takeBudget: () => true, nowMs: () => clock.nowMs, ...fields }
}

const good = async () => ({ kind: 'number' })
const bad = async () => ({ kind: 'failed' })

describe('calls to a carrier', () => {
  it('run so many at once, some wait, the rest are turned away at once', async () => {
    const guard = guardedCalls(settings())
    const open: (() => void)[] = []
    let running = 0
    const slow = () => {
      running++
      return new Promise<{ kind: string }>(resolve => open.push(() => resolve({ kind: 'number' })))
    }
    const calls = Array.from({ length: 5 }, () => guard(slow))
    expect((await calls[3])?.kind).toBe('shed')
    expect((await calls[4])?.kind).toBe('shed')
    expect(running).toBe(2)
    open.shift()?.()
    await calls[0]
    await expect.poll(() => running).toBe(3)
    for (const finish of open.splice(0)) finish()
    expect((await Promise.all(calls.slice(1, 3))).map(answer => answer.kind)).toEqual(['number', 'number'])
    expect((await guard(good)).kind).toBe('number')
  })

  it('stop while the carrier fails, are tried again after a second and go on when it is back', async () => {
    const own = settings({ maxConcurrent: 100 })
    const guard = guardedCalls(own)
    const run = async (call: () => Promise<{ kind: string }>, times: number) => {
      const kinds = []
      for (let i = 0; i < times; i++) kinds.push((await guard(call)).kind)
      return kinds
    }
    expect(await run(bad, 50)).toEqual(Array(50).fill('failed'))
    expect(await run(bad, 3)).toEqual(['shed', 'shed', 'shed'])
    own.clock.nowMs += 1000
    expect(await run(bad, 2)).toEqual(['failed', 'shed'])
    own.clock.nowMs += 1000
    expect(await run(good, 3)).toEqual(['number', 'number', 'number'])
  })

  it('go on while fewer than half fail, and while they are few', async () => {
    const guard = guardedCalls(settings())
    for (let i = 0; i < 200; i++) expect((await guard(i % 3 === 0 ? bad : good)).kind).not.toBe('shed')
    const few = guardedCalls(settings())
    for (let i = 0; i < 49; i++) expect((await few(bad)).kind).toBe('failed')
  })

  it('leave their place when they throw', async () => {
    const guard = guardedCalls(settings({ maxConcurrent: 1, maxWaiting: 0 }))
    await expect(guard(() => Promise.reject(new Error('x')))).rejects.toThrow('x')
    expect((await guard(good)).kind).toBe('number')
  })

  it('cost no more than the budget of a second', () => {
    const clock = { nowMs: 500 }
    const take = callBudget(2, () => clock.nowMs)
    expect([take(), take(), take()]).toEqual([true, true, false])
    clock.nowMs = 1000
    expect([take(), take(), take()]).toEqual([true, true, false])
    const unbounded = callBudget(0, () => 0)
    for (let i = 0; i < 100; i++) expect(unbounded()).toBe(true)
  })
})

it('answers 503 with Retry-After when the budget of carrier calls is spent', async () => {
  const patient = await startPatient({ CARRIER_CALLS_PER_SECOND: '2' })
  const answers = []
  for (let i = 0; i < 4; i++) answers.push(await patient.login('13790000001'))
  expect(answers.map(answer => answer.status)).toEqual([200, 200, 503, 503])
  expect(answers[3]).toMatchObject({ headers: { 'retry-after': '1' }, json: { error: { code: 'CARRIER_BUSY' } } })
  expect(patient.carriers.calls).toHaveLength(2)
  patient.clock.nowMs += 1000
  expect((await patient.login('13790000001')).status).toBe(200)
  await patient.close()
})

it('stops asking for a source whose tokens the carrier refuses, and for no other', async () => {
  const patient = await startPatient({ LIMITS: 'login-refused-source-minute=3' })
  const forged = async (from: string) => {
    const body = { carrier: 'china-unicom', appId: '0123456789abcdef', token: 'f'.repeat(32), nonce: await patient.nonce() }
    const token = patient.carriers.token('china-unicom', '1').replace(/^..../, 'ffff')
    return (await patient.call('POST', '/v1/login/one-tap', { body: { ...body, token }, from })).status
  }
  const statuses = []
  for (let i = 0; i < 5; i++) statuses.push(await forged('192.0.2.1'))
  expect(statuses).toEqual([401, 401, 401, 429, 429])
  expect(patient.carriers.calls).toHaveLength(3)
  expect(await forged('192.0.2.2')).toBe(401)
  patient.clock.nowMs += 60_000
  expect(await forged('192.0.2.1')).toBe(401)
  await patient.close()
})

describe('a connection', () => {
  const transport = (port: number) =>
    openTransport(new URL(`http://127.0.0.1:${port}`), { ...TRANSPORT_STANDARD, timeoutMs: 2000 })

  it('that could not be made is tried a second time', async () => {
    const server = createServer(socket => {
      socket.resume().end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok')
    })
    const port = await new Promise<number>(resolve => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
    await new Promise(resolve => server.close(resolve))
    const { send, close } = transport(port)
    const reply = send({ method: 'GET', path: '/' })
    // Up again between the two tries.
    setTimeout(() => server.listen(port, '127.0.0.1'), 10)
    expect(await reply).toEqual({ kind: 'reply', status: 200, text: 'ok' })
    close()
    await new Promise(resolve => server.close(resolve))
  })

  it('that was made is not: the request may have been read', async () => {
    let connections = 0
    const server = createServer(socket => {
      connections++
      socket.on('data', () => socket.destroy())
    })
    const port = await new Promise<number>(resolve => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
    const { send, close } = transport(port)
    expect((await send({ method: 'POST', path: '/', body: 'x' })).kind).toBe('failed')
    expect(connections).toBe(1)
    close()
    await new Promise(resolve => server.close(resolve))
  })
})
