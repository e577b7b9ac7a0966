/**
 * What the mocks cost and how true they are: their ceiling beside bare servers that answer the same JSON, the delay they keep beside
 * the one they were told, and what subscribers cost in memory. The servers take turns and are started several times, because
 * Fastify's ceiling differs from start to start. Client and server have a core each; wrk is used where it is installed.
 *
 *     node bench/mocks.ts [starts] [seconds]
 *
 * WireMock and MockServer are measured when their jars lie in .cache/bench-jars (Java 17, Maven's own client):
 *
 *     mvn -q dependency:copy -Dartifact=org.wiremock:wiremock-standalone:3.13.2 -DoutputDirectory=.cache/bench-jars
 *     mvn -q dependency:copy -Dartifact=org.mock-server:mockserver-netty-no-dependencies:5.15.0 -DoutputDirectory=.cache/bench-jars
 */
import { quantile } from '../src/contract/histogram.ts'
import type { JournalTotals, MocksReady } from '../src/contract/journal.ts'
import { CLIENT_CORE, pinSelf } from './mocks/cores.ts'
import { LOAD_TOOL, saturate } from './mocks/saturate.ts'
import { jarOf, loginBody, type ServerName, startMocks, startServer } from './mocks/servers.ts'
import { answerTimesMs, RawClient, requestText } from './mocks/sockets.ts'

const starts = Number(process.argv[2] ?? 5)
const seconds = Number(process.argv[3] ?? 5)
const BARS = { ratio: 0.7, p50Ms: 0.7, p99Ms: 3, growthBytes: 50e6 }
const DELAY = { concurrent: 500, ms: 100 }
const LOGINS = 50_000

const say = (line: string): void => void process.stdout.write(`${line}\n`)

pinSelf(CLIENT_CORE)
say(`${starts} starts of ${seconds} s each, in turns, by ${LOAD_TOOL}`)
await ceilings()
await delays()
await memory()

async function ceilings(): Promise<void> {
  const names: ServerName[] = ['fastify', 'node:http', 'onetap mocks']
  for (const name of ['wiremock', 'mockserver'] as const) {
    if (jarOf(name) === undefined) say(`SKIPPED: ${name}, no jar in .cache/bench-jars; see the head of bench/mocks.ts`)
    else names.push(name)
  }
  const rates = new Map<ServerName, number[]>(names.map(name => [name, []]))
  for (let turn = 0; turn < starts; turn++) {
    // The order turns too, so that a machine that slows down over time is not taken for a slow server.
    for (const name of [...names.slice(turn % names.length), ...names.slice(0, turn % names.length)]) {
      const server = await startServer(name)
      await saturate(server, 1)
      rates.get(name)?.push(await saturate(server, seconds))
      await server.stop()
    }
  }
  const bare = median(rates.get('fastify') ?? [])
  say(`\n${'server'.padEnd(14)}${'requests/s'.padStart(12)}${'of Fastify'.padStart(12)}   each start`)
  for (const [name, all] of rates) {
    const each = all.map(rate => rate.toFixed(0)).join(', ')
    say(`${name.padEnd(14)}${median(all).toFixed(0).padStart(12)}${percent(median(all) / bare).padStart(12)}   ${each}`)
  }
  const ratio = median(rates.get('onetap mocks') ?? []) / bare
  verdict('share of bare Fastify’s ceiling', percent(ratio), `at least ${percent(BARS.ratio)}`, ratio >= BARS.ratio)
}

async function delays(): Promise<void> {
  const latency = { kind: 'fixed', ms: DELAY.ms } as const
  const server = await startMocks({ behaviour: { latency, faults: [], singleUse: 'lenient' } })
  const times = await answerTimesMs(server.url, server.body, DELAY.concurrent, DELAY.ms, seconds)
  const own =
    server.ready === undefined ? undefined : (await control<JournalTotals>(server.ready, '/journal/totals')).delayErrorMs
  await server.stop()
  const over = (q: number): number => (times[Math.floor(q * times.length)] ?? Number.NaN) - DELAY.ms
  say(`\n${DELAY.ms} ms asked for, ${DELAY.concurrent} calls at once, ${times.length} calls`)
  if (own !== undefined) {
    say(`  by the mocks’ own account: p50 +${quantile(own, 0.5)?.toFixed(2)} ms, p99 +${quantile(own, 0.99)?.toFixed(2)} ms`)
  }
  verdict('p50 seen beyond it', `${over(0.5).toFixed(2)} ms`, `at most ${BARS.p50Ms} ms`, over(0.5) <= BARS.p50Ms)
  verdict('p99 seen beyond it', `${over(0.99).toFixed(2)} ms`, `at most ${BARS.p99Ms} ms`, over(0.99) <= BARS.p99Ms)
}

async function memory(): Promise<void> {
  const few = await residentBytes(10_000)
  const many = await residentBytes(10_000_000)
  say(`\n${LOGINS} logins: ${mega(few)} resident with ten thousand subscribers, ${mega(many)} with ten million`)
  const growth = many - few
  verdict('resident memory that subscribers cost', mega(growth), `below ${mega(BARS.growthBytes)}`, growth < BARS.growthBytes)
}

/** After as many logins by subscribers spread over all there are. */
async function residentBytes(subscribers: number): Promise<number> {
  const server = await startMocks({ subscribers })
  const { ready } = server
  if (ready === undefined) throw new Error('the mocks said nothing')
  const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.open(server.url)))
  await Promise.all(
    clients.map(async (client, position) => {
      for (let index = position; index < LOGINS; index += clients.length) {
        // China Mobile's numbers are every third; the factor walks over all of them.
        const subscriber = (Math.floor((index * 7919) % (subscribers / 3 - 1)) * 3) % subscribers
        const status = await client.post(requestText(loginBody(ready, index, subscriber)))
        if (status !== 200) throw new Error(`status ${status}`)
      }
      client.close()
    }),
  )
  const { redeemed } = await control<JournalTotals>(ready, '/journal/totals')
  if (redeemed < LOGINS) throw new Error(`only ${redeemed} of ${LOGINS} logins were granted`)
  const text = await controlText(ready, '/metrics')
  await server.stop()
  return Number(/^onetap_mocks_resident_memory_bytes (\d+)/m.exec(text)?.[1])
}

async function control<T>(ready: MocksReady, path: string): Promise<T> {
  return JSON.parse(await controlText(ready, path)) as T
}

async function controlText(ready: MocksReady, path: string): Promise<string> {
  const headers = { authorization: `Bearer ${ready.controlToken}` }
  return (await fetch(`${ready.controlUrl}/__onetap${path}`, { headers })).text()
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function verdict(what: string, value: string, bar: string, held: boolean): void {
  say(`${held ? 'held' : 'MISSED'}: ${what} ${value}, bar ${bar}`)
  if (!held) process.exitCode = 1
}
