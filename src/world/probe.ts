import { connect } from 'node:net'
import { portOf } from './host-guard.ts'

/** Does anything answer HTTP at this base URL, whatever it says? */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/`, { redirect: 'manual', signal: AbortSignal.timeout(2000) })
    await response.body?.cancel()
    return true
  } catch {
    return false
  }
}

/** Does anything take connections at this base URL? Sends nothing: who listens there may be none of our business. */
export function listens(url: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: new URL(url).hostname.replace(/^\[|\]$/g, ''), port: portOf(url), timeout: 2000 })
    const tell = (listening: boolean) => () => {
      socket.destroy()
      resolve(listening)
    }
    socket.once('connect', tell(true)).once('timeout', tell(false)).once('error', tell(false))
  })
}
