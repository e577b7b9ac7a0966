/**
 * What the mocks cost and how true they are. Parts, all of them unless some are named; each ends within four minutes:
 *
 *     ceilings   requests a second beside bare servers that answer the same JSON, and beside other mock servers
 *     providers  the other carriers' exchanges and an aggregator's, as shares of bare Fastify
 *     delays     the delay kept beside the delay asked for
 *     memory     what subscribers cost
 *
 *     node bench/mocks.ts [part ...] [--starts 5] [--seconds 4] [--patient]
 *
 * On a machine that others use, the client of `delays` may be told to be `--patient`: it sleeps between arrivals, which then come to the
 * millisecond, and leaves its core to them.
 *
 * Client and server have a core each; wrk is used where it is installed. Figures go to .onetap/bench and docs/bench-mocks.md. The ten
 * minutes that show whether memory stays flat are a bench of their own: bench/mocks/soak.ts. Other mock servers are measured where
 * they were put (Java 17 for two of them):
 *
 *     mvn -q dependency:copy -Dartifact=org.wiremock:wiremock-standalone:3.13.2 -DoutputDirectory=.cache/bench-jars
 *     mvn -q dependency:copy -Dartifact=org.mock-server:mockserver-netty-no-dependencies:5.15.0 -DoutputDirectory=.cache/bench-jars
 *     npm install --prefix .cache/bench-npm --ignore-scripts mountebank@2.9.1
 */
import { parseArgs } from 'node:util'
import { ceilings } from './mocks/ceilings.ts'
import { CLIENT_CORE, pinSelf } from './mocks/cores.ts'
import { delays } from './mocks/delays.ts'
import { say } from './mocks/figures.ts'
import { memory } from './mocks/memory.ts'
import { providers } from './mocks/providers.ts'
import { writeTable } from './mocks/table.ts'

const options = {
  starts: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '4' },
  patient: { type: 'boolean', default: false },
} as const
const { values, positionals } = parseArgs({ options, allowPositionals: true })
const [starts, seconds] = [Number(values.starts), Number(values.seconds)]
const parts = {
  ceilings: () => ceilings(starts, seconds),
  providers: () => providers(seconds),
  delays: () => delays(seconds, values.patient),
  memory,
}

const stranger = positionals.find(name => !Object.hasOwn(parts, name))
if (stranger !== undefined) throw new Error(`no part ${stranger}; there are ${Object.keys(parts).join(', ')}`)
pinSelf(CLIENT_CORE)
for (const [name, run] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  say(`\n# ${name}`)
  await run()
  writeTable()
}
