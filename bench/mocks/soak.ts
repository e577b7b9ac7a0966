/**
 * Does memory stay flat? The mocks for ten minutes at about half of what one core serves, each token used for the first time, number
 * and journal as ever; resident memory and heap are sampled. Dead objects that have grown old wait minutes for
 * their collection, so a line through the samples shows where the saw's teeth fell; what is compared is how high they reach.
 *
 *     node bench/mocks/soak.ts [minutes] [requests a second]
 */
import { mintToken } from '../../src/contract/token.ts'
import { control, controlText } from './control.ts'
import { mega, say, verdict, writeFigures } from './figures.ts'
import { openLoad } from './open-client.ts'
import { loginBodyOf, startMocks } from './servers.ts'
import { requestText } from './sockets.ts'
import { writeTable } from './table.ts'

const minutes = Number(process.argv[2] ?? 10)
const ratePerSecond = Number(process.argv[3] ?? 20_000)
const SUBSCRIBERS = 10_000_000
const SAMPLE_MS = 5_000
/** Spent tokens keep a bit each, half a megabyte in three minutes at this speed. */
const MOST_GROWTH_BYTES = 5e6

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

const perSecond = calls / (minutes * 60)
const third = (from: number): Sample[] =>
  samples.filter(({ minute }) => minute >= (minutes * from) / 3 && minute < (minutes * (from + 1)) / 3)
const peak = (of: readonly Sample[]): number => Math.max(...of.map(sample => sample.residentBytes))
const [middle, last] = [third(1), third(2)]
const growthBytes = peak(last) - peak(middle)
const flat = Math.min(middle.length, last.length) >= 10 && growthBytes <= MOST_GROWTH_BYTES
const heap = samples.map(sample => sample.heapBytes)
say(`${minutes} minutes, ${calls} calls (${perSecond.toFixed(0)}/s, asked ${ratePerSecond}/s), ${redeemed} numbers given out`)
say(
  `resident at most ${mega(peak(middle))} in the middle third, ${mega(peak(last))} in the last; heap ${mega(Math.min(...heap))} to ${mega(Math.max(...heap))}`,
)
const bar = `at most ${mega(MOST_GROWTH_BYTES)}`
const verdicts = [verdict('growth of resident memory’s peak from the middle third to the last', mega(growthBytes), bar, flat)]
writeFigures('soak', { minutes, calls, redeemed, perSecond, peakBytes: [peak(middle), peak(last)], samples, verdicts })
writeTable()
if (redeemed < calls) throw new Error(`${calls - redeemed} calls were refused`)
