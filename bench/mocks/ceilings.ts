import { median, percent, say, verdict, writeFigures } from './figures.ts'
import { PEERS, type PeerName, peerProgram, startPeer } from './peers.ts'
import { LOAD_TOOL, type Load, saturate } from './saturate.ts'
import { type BenchServer, loginTarget, startBare, startMocks } from './servers.ts'

type ServerName = 'fastify' | 'node:http' | 'onetap mocks' | PeerName

const OURS = { least: 0.7, timesPeers: 5 }
/** Java compiles as it goes and is slow for seconds; a peer's figures differ little between starts. */
const PEER_WARM_SECONDS = 4
const PEER_STARTS = 3

/**
 * The mocks' ceiling beside bare servers that answer the same JSON and beside other mock servers. All take turns and are started
 * several times, because Fastify has two speeds and picks one at its start.
 */
export async function ceilings(starts: number, seconds: number): Promise<void> {
  const names: ServerName[] = ['fastify', 'onetap mocks', 'node:http']
  for (const name of PEERS) {
    if (peerProgram(name) === undefined) say(`SKIPPED: ${name} is not there; see the head of bench/mocks.ts`)
    else names.push(name)
  }
  const loads = new Map<ServerName, Load[]>(names.map(name => [name, []]))
  for (let turn = 0; turn < starts; turn++) {
    // The order turns too, so that a machine that slows down over time is not taken for a slow server.
    for (const name of [...names.slice(turn % names.length), ...names.slice(0, turn % names.length)]) {
      const peer = isPeer(name)
      if (peer && turn >= PEER_STARTS) continue
      const server = await startServer(name)
      await saturate(loginTarget(server), peer ? PEER_WARM_SECONDS : 1)
      loads.get(name)?.push(await saturate(loginTarget(server), seconds))
      await server.stop()
    }
  }
  report(starts, seconds, loads)
}

function report(starts: number, seconds: number, loads: ReadonlyMap<ServerName, readonly Load[]>): void {
  const rate = (name: ServerName): number => median((loads.get(name) ?? []).map(load => load.ratePerSecond))
  const cpu = (name: ServerName): number => median((loads.get(name) ?? []).map(load => load.cpuPer100k ?? Number.NaN))
  const bare = rate('fastify')
  say(`\n${'server'.padEnd(14)}${'requests/s'.padStart(12)}${'of Fastify'.padStart(12)}${'CPU-s/100k'.padStart(12)}   each start`)
  const rows = [...loads].map(([server, all]) => ({
    server,
    ratePerSecond: rate(server),
    ofFastify: rate(server) / bare,
    cpuPer100k: cpu(server),
    starts: all.map(load => Math.round(load.ratePerSecond)),
  }))
  for (const row of rows) {
    const figures = [row.ratePerSecond.toFixed(0), percent(row.ofFastify), row.cpuPer100k.toFixed(2)]
    say(`${row.server.padEnd(14)}${figures.map(text => text.padStart(12)).join('')}   ${row.starts.join(', ')}`)
  }
  const share = rate('onetap mocks') / bare
  const verdicts = [
    verdict('share of bare Fastify’s ceiling', percent(share), `at least ${percent(OURS.least)}`, share >= OURS.least),
  ]
  const peers = [...loads.keys()].filter(isPeer)
  if (peers.length > 0) {
    const times = rate('onetap mocks') / Math.max(...peers.map(rate))
    const held = times >= OURS.timesPeers
    verdicts.push(verdict(`times the fastest of ${peers.join(', ')}`, times.toFixed(1), `at least ${OURS.timesPeers}`, held))
  }
  writeFigures('ceilings', { tool: LOAD_TOOL, starts, seconds, rows, verdicts })
}

function startServer(name: ServerName): Promise<BenchServer> {
  if (name === 'onetap mocks') return startMocks()
  if (isPeer(name)) return startPeer(name)
  return startBare(name === 'fastify' ? 'fastify' : 'http')
}

function isPeer(name: ServerName): name is PeerName {
  return PEERS.some(peer => peer === name)
}
