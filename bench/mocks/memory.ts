import type { JournalTotals } from '../../src/contract/journal.ts'
import { control, controlText } from './control.ts'
import { mega, say, verdict, writeFigures } from './figures.ts'
import { loginBody, startMocks } from './servers.ts'
import { RawClient, requestText } from './sockets.ts'

const LOGINS = 50_000
const MOST_GROWTH_BYTES = 50e6

/** What subscribers cost: resident memory after as many logins by subscribers spread over few and over all there are. */
export async function memory(): Promise<void> {
  const fewBytes = await residentBytes(10_000)
  const manyBytes = await residentBytes(10_000_000)
  say(`\n${LOGINS} logins: ${mega(fewBytes)} resident with ten thousand subscribers, ${mega(manyBytes)} with ten million`)
  const growth = manyBytes - fewBytes
  const bar = `below ${mega(MOST_GROWTH_BYTES)}`
  const verdicts = [verdict('resident memory that subscribers cost', mega(growth), bar, growth < MOST_GROWTH_BYTES)]
  writeFigures('memory', { logins: LOGINS, fewBytes, manyBytes, verdicts })
}

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
