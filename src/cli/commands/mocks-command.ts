import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HarnessError } from '../../contract/errors.ts'
import type { MocksReady, MocksSettings } from '../../contract/journal.ts'
import type { LatencyProfile } from '../../contract/latency.ts'
import { carriersAmong, PROVIDER_IDS, type ProviderId, providerOrdinal } from '../../contract/providers.ts'
import { mocksEntry } from '../../rooms.ts'
import { now } from '../../world/clock.ts'
import { startMocksProcess } from '../../world/mocks.ts'
import { newRunId } from '../../world/run-id.ts'
import { Shutdown } from '../../world/shutdown.ts'
import { unwindOnCrash } from '../end-process.ts'
import { out } from '../output.ts'
import { listenForStop } from '../stop.ts'

export interface MocksFlags {
  json?: boolean
  seed?: number
  latencyMs?: number
  errorShare?: number
  provider?: readonly ProviderId[]
  portBase?: number
  host?: string
  controlHostName?: readonly string[]
  tls?: boolean
  assume?: readonly string[]
}

/** `onetap mocks`: the providers alone, until Ctrl-C. */
export async function runMocks(flags: MocksFlags): Promise<number> {
  const shutdown = new Shutdown()
  unwindOnCrash(shutdown)
  const stop = listenForStop(shutdown)
  const settings = settingsOf(flags)
  const mocks = await startMocksProcess(mocksEntry, settings)
  shutdown.add('mock carriers', () => mocks.stop())
  const ready = withTrust(mocks.ready, shutdown)
  if (flags.json === true) out.result(JSON.stringify(ready))
  else {
    out.result(humanLines(ready))
    out.line('running until Ctrl-C')
  }
  const tail = await stop.unlessStopped(mocks.died)
  stop.dispose()
  await shutdown.run()
  if (tail !== undefined) throw new HarnessError('MOCKS_FAILED', `the mock carriers ended: ${tail.at(-1) ?? 'no output'}`)
  // Asked to stop and stopped: that is what was wanted.
  return 0
}

function settingsOf(flags: MocksFlags): MocksSettings {
  const latency: LatencyProfile = flags.latencyMs === undefined ? { kind: 'none' } : { kind: 'fixed', ms: flags.latencyMs }
  const providers = [...new Set(flags.provider ?? PROVIDER_IDS)]
  return {
    runId: newRunId(now()),
    seed: flags.seed ?? 1,
    subscribers: 1_000_000,
    carriers: carriersAmong(providers.map(provider => ({ provider }))).map(({ provider }) => provider),
    providers,
    behaviour: {
      latency,
      faults: flags.errorShare === undefined ? [] : [{ id: 'error-rate', share: flags.errorShare, answer: 'http' }],
      singleUse: 'strict',
      ...(flags.assume === undefined ? {} : { assumptions: assumptionsOf(flags.assume) }),
    },
    ...(flags.portBase === undefined ? {} : { ports: portsFrom(flags.portBase) }),
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.controlHostName === undefined ? {} : { controlHostNames: flags.controlHostName }),
    ...(flags.tls === true ? { tls: true } : {}),
  }
}

/** `provider.assumption=answer`; whether there is such a one the mocks say themselves. */
function assumptionsOf(switches: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    switches.map(one => {
      const at = one.indexOf('=')
      if (at < 1) {
        throw new HarnessError('USAGE', `--assume ${one}: no answer.`, {
          hint: 'As --assume china-mobile.systemtime=within-5-minutes; docs/howto/mocks.md says where the switches stand.',
        })
      }
      return [one.slice(0, at), one.slice(at + 1)]
    }),
  )
}

/** The control plane at the base, each provider at its own distance from it: the same port whichever others run. */
function portsFrom(base: number): NonNullable<MocksSettings['ports']> {
  const own = PROVIDER_IDS.map(id => [id, base + 1 + providerOrdinal(id)] as const)
  return { control: base, ...Object.fromEntries(own) }
}

/** Node trusts an authority by file alone, so its certificate lies in one while the mocks run. */
function withTrust(ready: MocksReady, shutdown: Shutdown): MocksReady {
  if (ready.caPem === undefined) return ready
  const folder = resolve('.onetap')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `mocks-ca-${ready.runId}.pem`)
  writeFileSync(file, ready.caPem)
  shutdown.add('certificate file', () => rmSync(file, { force: true }))
  return { ...ready, environment: { ...ready.environment, NODE_EXTRA_CA_CERTS: file } }
}

function humanLines(ready: MocksReady): string {
  const lines = ready.providers.map(({ provider, url }) => `${provider.padEnd(14)} ${url}`)
  const control = `${'control plane'.padEnd(14)} ${ready.controlUrl}  (live page; Authorization: Bearer ${ready.controlToken})`
  return [...lines, control, ...Object.entries(ready.environment).map(([name, value]) => `export ${name}=${quoted(value)}`)].join(
    '\n',
  )
}

/** For a POSIX shell: nothing inside single quotes means anything but the quote itself. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`
}
