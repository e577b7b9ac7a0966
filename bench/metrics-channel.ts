/**
 * What the live channel costs k6: the driver as it is, without an output and with remote write, in turns, once saturated on one
 * core and once at 2,000 arrivals a second. Bars: 8 % of throughput, 1.5 % error of a quantile read live.
 *
 *     node bench/metrics-channel.ts [repetitions] [seconds]
 */

import type { LoadShape } from '../src/contract/shape.ts'
import { findK6 } from '../src/engines/k6-binary.ts'
import { type Channel, type Measured, measure, startServer } from './metrics-channel/measure.ts'

const repetitions = Number(process.argv[2] ?? 3)
const durationMs = Number(process.argv[3] ?? 5) * 1000
const BARS = { throughputLoss: 0.08, quantileError: 0.015 }
const CHANNELS: readonly Channel[] = ['none', 'remote write']

const { path, version } = await findK6({ offline: true })
process.stdout.write(`k6 ${version}, ${repetitions} repetitions of ${durationMs / 1000} s, in turns\n`)
const saturated = await compare('saturated, 20 users, k6 on one core', 0, { kind: 'closed', users: 20, durationMs }, true)
const steady: LoadShape = { kind: 'constant-arrival-rate', ratePerSecond: 2000, durationMs }
const at2000 = await compare('2,000 arrivals a second, server takes 20 ms', 20, steady, false)

const loss = 1 - saturated['remote write'].requestsPerSecond / saturated.none.requestsPerSecond
const cost = saturated['remote write'].cpuUsPerRequest / saturated.none.cpuUsPerRequest - 1
const worst = Math.max(...[saturated, at2000].flatMap(runs => runs['remote write'].errors.map(Math.abs)))
verdict('throughput lost when saturated', loss, BARS.throughputLoss)
verdict('CPU per request added when saturated', cost, BARS.throughputLoss)
verdict('largest error of a live quantile', worst, BARS.quantileError)

/** Medians over the repetitions, by channel. */
async function compare(title: string, delayMs: number, shape: LoadShape, pin: boolean): Promise<Record<Channel, Measured>> {
  const server = await startServer(delayMs)
  const runs: Record<Channel, Measured[]> = { none: [], 'remote write': [] }
  for (let i = 0; i < repetitions; i++) {
    // The order turns, so that a machine that slows down over time is not taken for a channel that costs.
    for (const channel of i % 2 === 0 ? CHANNELS : CHANNELS.toReversed()) {
      runs[channel].push(await measure(path, server.url, shape, channel, pin))
    }
  }
  server.stop()
  process.stdout.write(
    `\n${title}\n${'channel'.padEnd(14)}${'requests/s'.padStart(12)}${'p99 ms'.padStart(9)}${'CPU µs'.padStart(9)}   error of p50, p95, p99\n`,
  )
  const medians = { none: middle(runs.none), 'remote write': middle(runs['remote write']) }
  for (const channel of CHANNELS) {
    for (const run of runs[channel]) process.stdout.write(line(`  ${channel}`, run))
    process.stdout.write(line(channel, medians[channel]))
  }
  return medians
}

function line(name: string, run: Measured): string {
  const errors = run.errors.map(e => `${(e * 100).toFixed(2)} %`).join(', ')
  return `${name.padEnd(14)}${run.requestsPerSecond.toFixed(0).padStart(12)}${run.p99Ms.toFixed(2).padStart(9)}${run.cpuUsPerRequest.toFixed(0).padStart(9)}   ${errors}\n`
}

function middle(runs: readonly Measured[]): Measured {
  const median = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
  return {
    requestsPerSecond: median(runs.map(r => r.requestsPerSecond)),
    p99Ms: median(runs.map(r => r.p99Ms)),
    cpuUsPerRequest: median(runs.map(r => r.cpuUsPerRequest)),
    // The worst of the repetitions, not the middle one: a bar on an error holds for every run.
    errors: (runs[0]?.errors ?? []).map((_, i) => Math.max(...runs.map(r => Math.abs(r.errors[i] ?? 0)))),
  }
}

function verdict(what: string, value: number, bar: number): void {
  const held = value <= bar
  process.stdout.write(`${held ? 'held' : 'MISSED'}: ${what} ${(value * 100).toFixed(2)} %, bar ${bar * 100} %\n`)
  if (!held) process.exitCode = 1
}
