/**
 * Child entry: a target whose truth is known by construction. It stands before the reference backend and passes everything on, except that
 * a login is granted at most LOGINS_PER_SECOND times a second (a token bucket that holds a twentieth of a second; the rest are turned
 * away with 503 at once) and kept HOLD_MS longer. Listens on PORT; ends with its parent's signal or its backend.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const LOGIN_PATH = '/v1/login/one-tap'
const perSecond = Number(process.env.LOGINS_PER_SECOND ?? Number.POSITIVE_INFINITY)
const holdMs = Number(process.env.HOLD_MS ?? 0)
const agent = new Agent({ keepAlive: true })
const mayLogIn = bucketOf(perSecond, perSecond / 20)

const backend = spawn(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('../../reference-backend/main.ts', import.meta.url))],
  { env: { ...process.env, PORT: '0', HOST: '127.0.0.1', ONETAP_PARENT_PIPE: '1' }, stdio: ['pipe', 'pipe', 'inherit'] },
)
backend.once('exit', code => process.exit(code ?? 1))
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => backend.kill('SIGTERM'))
const origin = await originOf(backend)
const server = createServer((asked, answer) => {
  const isLogin = asked.url === LOGIN_PATH
  if (!isLogin || mayLogIn()) passOn(asked, answer, isLogin ? holdMs : 0)
  else {
    asked.resume()
    answer.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"code":"FULL"}}')
  }
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1')

/** True as often as `rate` a second, and `most` times at once after a rest. */
function bucketOf(rate: number, most: number): () => boolean {
  if (!Number.isFinite(rate)) return () => true
  let held = most
  let last = performance.now()
  return () => {
    const now = performance.now()
    held = Math.min(most, held + ((now - last) * rate) / 1000)
    last = now
    if (held < 1) return false
    held--
    return true
  }
}

function passOn(asked: IncomingMessage, answer: ServerResponse, laterMs: number): void {
  const onward = request(
    `${origin}${asked.url ?? '/'}`,
    { method: asked.method ?? 'GET', headers: asked.headers, agent, localAddress: asked.socket.remoteAddress ?? '127.0.0.1' },
    reply => {
      const give = (): void => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers)
        reply.pipe(answer)
      }
      if (laterMs === 0) give()
      else setTimeout(give, laterMs)
    },
  )
  onward.once('error', () => answer.headersSent || answer.writeHead(502).end())
  asked.pipe(onward)
}

async function originOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the backend has no standard output')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return new URL((JSON.parse(line) as { listening: string }).listening).origin
}
