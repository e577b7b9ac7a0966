import { HarnessError } from '../../contract/errors.ts'
import { backendEntry } from '../../rooms.ts'
import { type Child, lastWords, startChild } from '../../world/child.ts'
import { Shutdown } from '../../world/shutdown.ts'
import { unwindOnCrash } from '../end-process.ts'
import { out } from '../output.ts'
import { listenForStop } from '../stop.ts'

export interface BackendFlags {
  session?: 'jwt' | 'opaque'
  /** `control=flaw,…`; what there is, the backend itself says. */
  flaws?: string
  dialect?: string
  port?: number
}

const READY_WITHIN_MS = 20_000
/** How the reference backend ends when its environment is wrong. */
const WRONG_ENVIRONMENT = 2
const CARRIERS = ['CMCC_URL', 'CUCC_URL', 'CTCC_URL'] as const

/** `onetap backend`: the reference backend alone, until Ctrl-C. Carriers and stores come from the environment, as for any user. */
export async function runBackend(flags: BackendFlags): Promise<number> {
  const shutdown = new Shutdown()
  unwindOnCrash(shutdown)
  const stop = listenForStop(shutdown)
  const child = startChild([process.execPath, '--disable-warning=ExperimentalWarning', backendEntry], {
    env: environmentOf(flags),
  })
  shutdown.add('reference backend', () => child.stop())
  const address = await stop.unlessStopped(listening(child))
  if (address !== undefined) {
    out.result(address)
    if (CARRIERS.every(name => (process.env[name] ?? '') === ''))
      out.line('no carrier is set up: run `onetap mocks` and export what it prints')
    out.line('running until Ctrl-C')
  }
  const end = await stop.unlessStopped(child.ended)
  stop.dispose()
  await shutdown.run()
  if (end !== undefined) throw new HarnessError('TARGET_DIED', `the reference backend ended: ${lastWords(child.tail())}`)
  // Asked to stop and stopped: that is what was wanted.
  return 0
}

/** Flags win over what the environment already says. */
function environmentOf({ session, flaws, dialect, port }: BackendFlags): Record<string, string> {
  return {
    ONETAP_PARENT_PIPE: '1',
    ...(session === undefined ? {} : { SESSION: session }),
    ...(flaws === undefined ? {} : { FLAWS: flaws }),
    ...(dialect === undefined ? {} : { DIALECT: dialect }),
    ...(port === undefined ? {} : { PORT: String(port) }),
  }
}

/** Its address. Throws HarnessError: CONFIG with the backend's own sentence, PORT_IN_USE, TARGET_DIED. */
async function listening(child: Child): Promise<string> {
  const line = await child.firstLine(READY_WITHIN_MS)
  if (line !== undefined) return (JSON.parse(line) as { listening: string }).listening
  // Stopped first: one that hangs would never say how it ended.
  await child.stop()
  const { code } = await child.ended
  const words = lastWords(child.tail())
  if (code === WRONG_ENVIRONMENT) throw new HarnessError('CONFIG', words)
  if (words.includes('EADDRINUSE')) throw new HarnessError('PORT_IN_USE', words)
  throw new HarnessError('TARGET_DIED', `the reference backend did not start: ${words}`)
}
