/**
 * Does memory stay flat? The mocks for ten minutes at about half of what one core serves, each token used for the first time, number
 * and journal as ever; resident memory and heap are sampled, and a line is laid through the second half.
 *
 *     node bench/mocks/soak.ts [minutes] [requests a second]
 */
import { mintToken } from '../../src/contract/token.ts'
import { control, controlText } from './control.ts'
import { say, writeFigures } from './figures.ts'
import { openLoad } from './open-client.ts'
import { loginBodyOf, startMocks } from './servers.ts'
import { requestText } from './sockets.ts'
import { writeTable } from './table.ts'

const minutes = Number(process.argv[2] ?? 10)
const ratePerSecond = Number(process.argv[3] ?? 20_000)
const SUBSCRIBERS = 10_000_000
const SAMPLE_MS = 5_000
/** What a flat line may climb within an hour at this speed: spent tokens keep a bit each, which alone are 9 MB at 20,000 a second. */
const FLAT_BYTES_PER_HOUR = 30e6

const server = await startMocks({
  subscribers: SUBSCRIBERS,
  behaviour: { latency: { kind: 'none' }, faults: [], singleUse: 'strict' },
})
const { ready } = server
if (ready === undefined) throw new Error('the mocks said nothing')
let tokenIndex = 0
const request = (): Buffer => {
  const index = tokenIndex++
  const token = mintToken(1, {
    carrier: 'china-mobile',
    tokenIndex: index,
    subscriberIndex: (Math.floor((index * 7919) % (SUBSCRIBERS / 3 - 1)) * 3) % SUBSCRIBERS,
    generation: 0,
    appIndex: 0,
    purpose: 'login',
    issuedAtMs: Date.now(),
  })
  return Buffer.from(requestText(loginBodyOf(ready, token)), 'latin1')
}
interface Sample {
  minute: number
  residentBytes: number
  heapBytes: number
}
const samples: Sample[] = []
const startMs = performance.now()
const sampler = setInterval(() => {
  void controlText(ready, '/metrics').then(text => {
    const figure = (name: string): number => Number(new RegExp(`^onetap_mocks_${name} (\\d+)`, 'm').exec(text)?.[1])
    const minute = (performance.now() - startMs) / 60_000
    samples.push({ minute, residentBytes: figure('resident_memory_bytes'), heapBytes: figure('heap_used_bytes') })
  })
}, SAMPLE_MS)
await openLoad({
  url: server.url,
  request,
  connections: 200,
  ratePerSecond,
  warmSeconds: 0,
  seconds: minutes * 60,
  patient: true,
})
clearInterval(sampler)
const { calls, redeemed } = await control<{ calls: number; redeemed: number }>(ready, '/journal/totals')
await server.stop()

const half = samples.filter(({ minute }) => minute >= minutes / 2)
const climb = { residentBytes: slope(half, 'residentBytes') * 60, heapBytes: slope(half, 'heapBytes') * 60 }
const perSecond = calls / (minutes * 60)
const flat = half.length >= 10 && climb.residentBytes <= FLAT_BYTES_PER_HOUR
say(`${minutes} minutes, ${calls} calls (${perSecond.toFixed(0)}/s asked ${ratePerSecond}/s), ${redeemed} numbers given out`)
for (const name of ['residentBytes', 'heapBytes'] as const) {
  const all = half.map(sample => sample[name])
  const [least, most] = [Math.min(...all), Math.max(...all)].map(bytes => (bytes / 1e6).toFixed(1))
  say(`${name} in the second half: ${least} to ${most} MB, climbing by ${(climb[name] / 1e6).toFixed(1)} MB an hour`)
}
say(`${flat ? 'held' : 'MISSED'}: memory is flat, bar ${FLAT_BYTES_PER_HOUR / 1e6} MB an hour`)
writeFigures('soak', { minutes, calls, redeemed, perSecond, climbBytesPerHour: climb, flat, samples })
writeTable()
if (!flat || redeemed < calls) process.exitCode = 1

/** Least squares, bytes a minute. */
function slope(points: readonly Sample[], name: 'residentBytes' | 'heapBytes'): number {
  const meanX = points.reduce((sum, { minute }) => sum + minute, 0) / points.length
  const meanY = points.reduce((sum, point) => sum + point[name], 0) / points.length
  let above = 0
  let below = 0
  for (const point of points) {
    above += (point.minute - meanX) * (point[name] - meanY)
    below += (point.minute - meanX) ** 2
  }
  return above / below
}
