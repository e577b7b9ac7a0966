import { quantile } from '../../src/contract/histogram.ts'
import type { JournalTotals } from '../../src/contract/journal.ts'
import { control } from './control.ts'
import { median, say, type Verdict, verdict, writeFigures } from './figures.ts'
import { openLoad, quantileOf } from './open-client.ts'
import { startBare, startMocks } from './servers.ts'
import { requestText } from './sockets.ts'

const BARS = { p50Ms: 0.7, p99Ms: 3 }
const DELAY_MS = 100
/** At 100 ms each, 500 calls are under way at any moment; the connections beyond that keep a late answer from thinning the load. */
const LOAD = { ratePerSecond: 5000, connections: 600, warmSeconds: 3 }
const ROUNDS = 3

const SERVERS = ['at once', 'node:http, setTimeout', 'onetap mocks'] as const

interface Delay {
  p50Ms: number
  p99Ms: number
  maxMs: number
  lagP99Ms: number
  starved: number
  /** By the mocks' own account. */
  own?: { p50Ms: number; p99Ms: number }
}

/**
 * How far the delay kept is from the delay asked for. Arrivals are spread evenly in time (see open-client.ts), connections stand
 * before, the first seconds are dropped. A server that answers at once shows what client, kernel and machine add: the floor.
 */
export async function delays(seconds: number, patient: boolean): Promise<void> {
  const all = new Map<string, Delay[]>(SERVERS.map(name => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of SERVERS) all.get(name)?.push(await measured(name, seconds, patient))
  }
  say(
    `\n${DELAY_MS} ms asked for, ${LOAD.ratePerSecond} calls a second evenly spread, ${ROUNDS} starts each; ms beyond it, medians`,
  )
  const rows = [...all].map(([server, rounds]) => {
    const mid = (of: (delay: Delay) => number): number => median(rounds.map(of))
    const own = rounds.flatMap(round => (round.own === undefined ? [] : [round.own]))
    return {
      server,
      p50Ms: mid(one => one.p50Ms),
      p99Ms: mid(one => one.p99Ms),
      maxMs: mid(one => one.maxMs),
      ...(own.length === 0
        ? {}
        : { own: { p50Ms: median(own.map(one => one.p50Ms)), p99Ms: median(own.map(one => one.p99Ms)) } }),
      rounds,
    }
  })
  for (const { server, p50Ms, p99Ms, maxMs, own, rounds } of rows) {
    const each = rounds.map(round => round.p99Ms.toFixed(2)).join(', ')
    const account = own === undefined ? '' : `; its own account p50 ${own.p50Ms.toFixed(2)}, p99 ${own.p99Ms.toFixed(2)}`
    say(
      `${server.padEnd(22)} p50 ${p50Ms.toFixed(2)}, p99 ${p99Ms.toFixed(2)} (each start ${each}), max ${maxMs.toFixed(1)}${account}`,
    )
  }
  const [floor, , mocks] = rows
  const noisy = floor === undefined || floor.p99Ms > BARS.p99Ms / 2
  const judge = (what: string, valueMs: number | undefined, barMs: number): Verdict =>
    verdict(what, ms(valueMs), `at most ${barMs} ms`, noisy ? undefined : (valueMs ?? Number.NaN) <= barMs)
  if (noisy) say('the machine is not quiet: a server that answers at once is late, too, so nothing is said about the mocks')
  const verdicts = [
    judge('p50 seen beyond it', mocks?.p50Ms, BARS.p50Ms),
    judge('p99 seen beyond it', mocks?.p99Ms, BARS.p99Ms),
    judge('p99 by the mocks’ own account', mocks?.own?.p99Ms, BARS.p99Ms),
  ]
  writeFigures('delays', { delayMs: DELAY_MS, ...LOAD, patient, seconds, starts: ROUNDS, rows, verdicts })
}

async function measured(name: (typeof SERVERS)[number], seconds: number, patient: boolean): Promise<Delay> {
  const ours = name === 'onetap mocks'
  const server = ours
    ? await startMocks({ behaviour: { latency: { kind: 'fixed', ms: DELAY_MS }, faults: [], singleUse: 'lenient' } })
    : await startBare(name === 'at once' ? 'raw' : 'http', name === 'at once' ? 0 : DELAY_MS)
  const text = Buffer.from(requestText(server.body), 'latin1')
  const load = { ...LOAD, patient, url: server.url, request: () => text }
  const { ready } = server
  if (ready !== undefined) {
    // The books of the warm-up are not those of connections that stand.
    await openLoad({ ...load, seconds: 0 })
    await control(ready, '/reset', 'POST')
  }
  const { timesMs, lagsMs, starved } = await openLoad({ ...load, seconds })
  const own = ready === undefined ? undefined : (await control<JournalTotals>(ready, '/journal/totals')).delayErrorMs
  await server.stop()
  const over = name === 'at once' ? 0 : DELAY_MS
  return {
    p50Ms: quantileOf(timesMs, 0.5) - over,
    p99Ms: quantileOf(timesMs, 0.99) - over,
    maxMs: quantileOf(timesMs, 1) - over,
    lagP99Ms: quantileOf(lagsMs, 0.99),
    starved,
    ...(own === undefined ? {} : { own: { p50Ms: quantile(own, 0.5) ?? Number.NaN, p99Ms: quantile(own, 0.99) ?? Number.NaN } }),
  }
}

function ms(value: number | undefined): string {
  return value === undefined ? 'not measured' : `${value.toFixed(2)} ms`
}
