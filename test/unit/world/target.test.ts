import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { type ErrorCode, HarnessError } from '../../../src/contract/errors.ts'
import type { TargetPlan } from '../../../src/contract/plan.ts'
import { openTarget, type RunningTarget, type TargetWorld } from '../../../src/world/target.ts'
import { eventually, script } from './processes.ts'

const RUN_ID = 'run-1'
const world: TargetWorld = {
  runId: RUN_ID,
  folder: tmpdir(),
  vars: { name: 'patient' },
  mocksEnvironment: { CMCC_URL: 'http://127.0.0.1:1' },
  allowedHosts: [],
}
const plan: TargetPlan = { module: '', url: null, start: null, identityPath: '/id', allow: [], vars: {} }

const running: RunningTarget[] = []
const servers: Server[] = []
afterEach(async () => {
  for (const target of running.splice(0)) await target.stop()
  for (const server of servers.splice(0)) server.close()
})

/** Opens and remembers; a refusal is returned as a value. */
async function open(changes: Partial<TargetPlan>, withWorld: Partial<TargetWorld> = {}): Promise<RunningTarget | HarnessError> {
  try {
    const target = await openTarget({ ...plan, ...changes }, { ...world, ...withWorld })
    running.push(target)
    return target
  } catch (error) {
    if (error instanceof HarnessError) return error
    throw error
  }
}

async function opened(changes: Partial<TargetPlan>): Promise<RunningTarget> {
  const target = await open(changes)
  if (target instanceof HarnessError) throw target
  return target
}

async function refused(changes: Partial<TargetPlan>, code: ErrorCode, withWorld?: Partial<TargetWorld>): Promise<HarnessError> {
  const error = await open(changes, withWorld)
  if (!(error instanceof HarnessError)) throw new Error('it was opened')
  expect(error.code, error.message).toBe(code)
  return error
}

/** Starts a target whose handler is JavaScript over `q`, `s` and `env`; `wait` is the time until it listens. */
function start(handler: string, waitMs = 0, readyTimeoutMs = 20_000): Pick<TargetPlan, 'start'> {
  const source = `import { createServer } from 'node:http'
    const env = process.env
    const server = createServer((q, s) => { ${handler} })
    setTimeout(() => server.listen(env.PORT, '127.0.0.1'), ${waitMs})`
  // Braces of the source would be taken for placeholders.
  const url = `data:text/javascript,${encodeURIComponent(source)}`
  return { start: { command: ['node', '-e', `import("${url}")`], env: {}, cwd: null, readyTimeoutMs } }
}

const HONEST = `s.end(q.url === '/id' ? JSON.stringify({ runId: env.ONETAP_RUN_ID, name: 'mine', flaws: ['a=b'] }) : '')`

async function listen(server: Server): Promise<string> {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  servers.push(server)
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server that counts who comes. */
async function doorkeeper(): Promise<{ place: string; visits: () => number }> {
  let visits = 0
  const place = await listen(
    createServer((socket: Socket) => {
      visits++
      socket.destroy()
    }),
  )
  return { place, visits: () => visits }
}

test('a target that answers with our run id is ready, with what it says of itself', async () => {
  const target = await opened(start(HONEST))
  expect(target.identity).toEqual({ runId: RUN_ID, name: 'mine', version: '', flaws: ['a=b'] })
  expect((await fetch(`${target.url}/id`)).status).toBe(200)
  await target.stop()
  await expect(fetch(`${target.url}/id`)).rejects.toThrow()
})

test('a target that needs its time is waited for', async () => {
  expect((await opened(start(HONEST, 700))).identity?.runId).toBe(RUN_ID)
})

test('a target that still excuses itself with 503 is asked again', async () => {
  const handler = `globalThis.asked ??= 0; if (q.url === '/id' && ++globalThis.asked < 3) { s.statusCode = 503; s.end('warming up') } else ${HONEST}`
  expect((await opened(start(handler))).identity?.runId).toBe(RUN_ID)
})

test('environment, variables and mocks reach the target by placeholder', async () => {
  const target = await opened({
    start: {
      ...start(`s.end(JSON.stringify({ runId: env.ONETAP_RUN_ID, name: [env.WHO, env.CARRIER, env.CMCC_URL].join(' ') }))`)
        .start!,
      env: { WHO: '{vars.name}', CARRIER: '{mocks.CMCC_URL}/x' },
    },
  })
  expect(target.identity?.name).toContain('patient http://127.0.0.1:1/x http://127.0.0.1:1')
})

test('a target that never listens is unreachable within its time, and is not left running', async () => {
  const error = await refused(start(HONEST, 100_000, 300), 'TARGET_UNREACHABLE')
  expect(error.message).toContain('within 300 ms')
  expect(error.hint).toContain('PORT')
})

test('a target that ends before it answers is told with its last words', async () => {
  const error = await refused(
    { start: { command: script('console.error("no database"); process.exit(4)'), env: {}, cwd: null, readyTimeoutMs: 20_000 } },
    'TARGET_DIED',
  )
  expect(error.message).toContain('no database')
})

test('a program that does not exist is told by name', async () => {
  const start = { command: ['/no/such/program'], env: {}, cwd: null, readyTimeoutMs: 20_000 }
  expect((await refused({ start }, 'TARGET_DIED')).message).toContain('cannot start /no/such/program')
})

test('a folder that does not exist is a configuration error, not a missing program', async () => {
  const begun = { ...start(HONEST).start!, cwd: 'no-such-folder' }
  expect((await refused({ start: begun }, 'CONFIG')).message).toContain('no-such-folder')
})

test('HTML where the identity is wanted is a stranger', async () => {
  const error = await refused(start(`s.setHeader('content-type', 'text/html'); s.end('<h1>hello</h1>')`), 'TARGET_FOREIGN')
  expect(error.message).toContain('200 text/html')
})

test('a redirect is not followed to an identity elsewhere', async () => {
  const handler = `if (q.url === '/id') { s.statusCode = 302; s.setHeader('location', '/other'); s.end() } else s.end(JSON.stringify({ runId: env.ONETAP_RUN_ID }))`
  expect((await refused(start(handler), 'TARGET_FOREIGN')).message).toContain('302')
})

test('a foreign run id means that another process holds the port', async () => {
  const error = await refused(start(`s.end(JSON.stringify({ runId: 'run-0' }))`), 'TARGET_FOREIGN')
  expect(error.message).toContain('run-0, not run-1')
})

test('an identity without end is read at its beginning only', async () => {
  const handler = `if (q.url !== '/id') return s.end(); const more = () => { while (!s.destroyed && s.write('x'.repeat(65536))); }; s.on('drain', more); more()`
  await refused(start(handler), 'TARGET_FOREIGN')
})

test('without an identity path a started target is taken as it is', async () => {
  expect((await opened({ ...start(`s.end('hello')`), identityPath: null })).identity).toBeNull()
})

test('a port that is taken is named before the target is started, and gets no byte', async () => {
  let bytes = 0
  const place = await listen(
    createServer((socket: Socket) => void socket.on('data', data => (bytes += data.length)).on('error', () => {})),
  )
  const error = await refused({ ...start(HONEST), url: `http://${place}` }, 'PORT_IN_USE')
  expect(error.message).toContain(place)
  expect(bytes).toBe(0)
})

test('the death of a started target is told with its last words', async () => {
  const target = await opened(start(`if (q.url === '/die') { console.error('out of memory'); process.exit(1) } else ${HONEST}`))
  await fetch(`${target.url}/die`).catch(() => undefined)
  expect((await target.died).join()).toContain('out of memory')
})

test('a person who will not wait is not kept waiting', async () => {
  const controller = new AbortController()
  const wait = refused(start(HONEST, 100_000, 60_000), 'INTERRUPTED', { stop: controller.signal })
  controller.abort()
  await wait
})

test('a running target that the config does not allow is refused before a connection is made', async () => {
  const { place, visits } = await doorkeeper()
  const error = await refused({ url: `http://${place}` }, 'NOT_ALLOWED')
  expect(error.hint).toContain(`"${place}"`)
  expect(visits()).toBe(0)
})

test.each([
  ['another port', (place: string) => [place.replace(/\d+$/, '1')]],
  ['the host without the port', () => ['127.0.0.1']],
  ['another name of the same host', (place: string) => [place.replace('127.0.0.1', 'localhost')]],
])('an allow list that names %s does not allow it', async (_what, allow) => {
  const { place, visits } = await doorkeeper()
  await refused({ url: `http://${place}`, allow: allow(place) }, 'NOT_ALLOWED')
  expect(visits()).toBe(0)
})

test('a host beyond loopback is refused although it is in the allow list', async () => {
  const error = await refused({ url: 'http://192.0.2.1:80', allow: ['192.0.2.1:80'] }, 'NOT_ALLOWED')
  expect(error.message).toContain('nothing was sent')
})

test('an allowed running target is attached to, whatever it says of itself', async () => {
  const place = await listen(
    createHttpServer((request, reply) => void reply.end(request.url === '/id' ? '{"runId":"theirs"}' : 'x')),
  )
  const target = await opened({ url: `http://${place}/`, allow: [place] })
  expect(target.url).toBe(`http://${place}`)
  expect(target.identity?.runId).toBe('theirs')
  await target.stop()
  expect((await fetch(target.url)).status).toBe(200)
})

test('an allowed target that does not run is unreachable', async () => {
  const { place } = await doorkeeper()
  const [server] = servers.splice(0)
  await new Promise(done => server?.close(done))
  expect(
    await eventually(
      async () =>
        !(await fetch(`http://${place}`).then(
          () => true,
          () => false,
        )),
    ),
  ).toBe(true)
  await refused({ url: `http://${place}`, allow: [place] }, 'TARGET_UNREACHABLE')
})
