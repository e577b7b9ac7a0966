import { findK6 } from '../../src/engines/k6-binary.ts'
import { type BenchResult, type BenchWish, bar, barLine, median, spread } from './bars.ts'
import { type ClosedRun, closedPeers } from './peers.ts'
import { type PeerRun, runPeer, startTarget } from './run-peer.ts'

const USERS = 20

/** Every tool as fast as it goes, on one core, the target on the other. */
export async function benchClosed({ repetitions, seconds, folder }: BenchWish): Promise<BenchResult> {
  const k6 = await findK6({ offline: true })
  const runs = new Map<string, PeerRun[]>()
  const missing = new Set<string>()
  for (let round = 0; round < repetitions; round++) {
    const names = closedPeers({ url: '', users: USERS, seconds, folder }, k6, name => missing.add(name)).map(peer => peer.name)
    // The order turns, so that a machine that slows down over time does not favour a tool.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const target = await startTarget([0, 0])
      const run: ClosedRun = { url: target.url, users: USERS, seconds, folder }
      const peer = closedPeers(run, k6, () => undefined).find(one => one.name === name)
      if (peer === undefined) throw new Error(`${name} went missing`)
      const measured = await runPeer(peer, target, (seconds + 25) * 1000)
      runs.set(name, [...(runs.get(name) ?? []), measured])
      process.stderr.write(`${name}: ${Math.round(measured.perSecond)}/s, ${measured.cpuUs.toFixed(1)} µs\n`)
    }
  }
  const of = (name: string, figure: (run: PeerRun) => number): number => median((runs.get(name) ?? []).map(figure))
  const lost = (than: string): number => 1 - of('onetap, k6', run => run.perSecond) / of(than, run => run.perSecond)
  const bars = [bar('throughput that the harness takes from k6 doing the same work by hand', lost('k6, same work by hand'), 0.1)]
  const lines = [
    `| tool, ${USERS} users, ${seconds} s, one core | requests/s | processor time a request with start-up, µs | memory, MB |`,
    '|---|---|---|---|',
    ...[...runs].map(
      ([name, found]) =>
        `| ${name} | ${spread(
          found.map(run => run.perSecond),
          0,
        )} | ${spread(
          found.map(run => run.cpuUs),
          1,
        )} | ${median(found.map(run => run.memoryMb)).toFixed(0)} |`,
    ),
    ...(missing.size === 0 ? [] : ['', `Not here: ${[...missing].join(', ')}.`]),
    '',
    `Against k6 alone with one body and no reply read, driven by us k6 makes ${((1 - lost('k6 alone')) * 100).toFixed(0)} % of the requests.`,
    ...bars.map(barLine),
  ]
  const summary = Object.fromEntries([...runs].map(([name, found]) => [name, found.map(({ stdout: _, ...run }) => run)]))
  return { runs: summary, bars, lines }
}
