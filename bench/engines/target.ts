/**
 * Child entry: the one target of bench/engines.ts. Answers every request with a credential after its delay, the k-th request always the
 * same, and stalls once: what comes in the stall waits for its end first. It counts for itself, so no tool's own claim is needed. Prints its port;
 * prints what it counted, as JSON, when its standard input closes.
 *
 *     node bench/engines/target.ts MEDIAN_MS P99_MS [STALL_AT_MS STALL_FOR_MS]     times from the first request on
 */
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { QUANTILE_STEPS, quantilesOf } from '../../src/contract/quantile-table.ts'
import { mix32 } from '../../src/contract/rng.ts'

/** What the target knows when it ends. Times are epoch milliseconds with fraction. */
export interface TargetAccount {
  requests: number
  firstMs: number
  lastMs: number
  stall: { fromMs: number; toMs: number } | null
  /** File of all exchanges in order of arrival: pairs of doubles, arrival and answer. Empty when not asked for. */
  log: string
  /** Requests that arrived during the stall. */
  inStall: number
}

const [medianMs = 0, p99Ms = 0, stallAtMs = 0, stallForMs = 0] = process.argv.slice(2, 6).map(Number)
const log = process.argv[6] ?? ''
const delaysUs =
  medianMs === 0 ? [] : quantilesOf(p99Ms > medianMs ? { kind: 'lognormal', medianMs, p99Ms } : { kind: 'fixed', ms: medianMs })
const body = '{"credential":"c"}'
const reply = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const nowMs = (): number => performance.timeOrigin + performance.now()

let requests = 0
let inStall = 0
let firstMs = 0
let lastMs = 0
const exchanges: [arrivedMs: number, answeredMs: number][] = []

function answer(socket: Socket): void {
  const arrivedMs = nowMs()
  if (requests++ === 0) firstMs = arrivedMs
  lastMs = arrivedMs
  const stallFromMs = firstMs + stallAtMs
  const stalled = stallForMs > 0 && arrivedMs >= stallFromMs && arrivedMs < stallFromMs + stallForMs
  if (stalled) inStall++
  const delayMs = (delaysUs[mix32(requests) % QUANTILE_STEPS] ?? 0) / 1000
  const waitMs = delayMs + (stalled ? stallFromMs + stallForMs - arrivedMs : 0)
  if (waitMs === 0) {
    socket.write(reply)
    return
  }
  const exchange: [number, number] = [arrivedMs, Number.NaN]
  if (log !== '') exchanges.push(exchange)
  setTimeout(() => {
    socket.write(reply)
    exchange[1] = nowMs()
  }, waitMs)
}

/** One request at a time on a connection, as all the tools here send them; complete when head and Content-Length bytes are here. */
function serve(socket: Socket): void {
  let text = ''
  socket.setNoDelay(true)
  socket.on('data', chunk => {
    text = text === '' ? chunk.toString('latin1') : text + chunk.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0)
    if (text.length < end + 4 + length) return
    text = ''
    answer(socket)
  })
  socket.on('error', () => socket.destroy())
}

const server = createServer(serve)
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin
  .on('end', () => {
    const stall = stallForMs > 0 ? { fromMs: firstMs + stallAtMs, toMs: firstMs + stallAtMs + stallForMs } : null
    if (log !== '') writeFileSync(log, Buffer.from(new Float64Array(exchanges.flat()).buffer))
    const account: TargetAccount = { requests, firstMs, lastMs, stall, inStall, log }
    process.stdout.write(`${JSON.stringify(account)}\n`, () => process.exit(0))
  })
  .resume()
