import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { HarnessError } from '../contract/errors.ts'
import { isLoopback } from './host-guard.ts'

export type StoreState = 'up' | 'down' | { delayMs: number }

/** A wire to a store that can be slow, cut and mended: what a store outage looks like from the target. */
export interface StoreProxy {
  /** The store's address with the proxy's host and port in it. */
  url: string
  set(state: StoreState): Promise<void>
  close(): Promise<void>
}

/**
 * Stands between the target and its store on a free loopback port. `storeUrl`: any URL with host and port, for instance
 * `redis://127.0.0.1:6379`. Throws HarnessError CONFIG for what is no such URL, NOT_ALLOWED for a store beyond this machine.
 */
export async function startStoreProxy(storeUrl: string): Promise<StoreProxy> {
  const store = storeAddress(storeUrl)
  const sockets = new Set<Socket>()
  let delayMs = 0
  let state: StoreState = 'up'
  const server = createServer(inbound => {
    const outbound = connect(store.port, store.host)
    for (const socket of [inbound, outbound]) {
      sockets.add(socket)
      // Whichever side ends first, the other must learn of it; errors end in `close` as well.
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket)
          inbound.destroy()
          outbound.destroy()
        })
    }
    inbound.pipe(outbound)
    // Timers of one length fire in the order they were set, so answers stay in order while the delay stays the same.
    outbound.on('data', chunk => {
      if (delayMs === 0) inbound.write(chunk)
      else setTimeout(() => inbound.writable && inbound.write(chunk), delayMs)
    })
  })
  await listen(server, 0)
  const { port } = server.address() as AddressInfo
  const cut = async (): Promise<void> => {
    const closed = new Promise(resolve => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return {
    url: withHost(storeUrl, `127.0.0.1:${port}`),
    async set(next) {
      delayMs = typeof next === 'object' ? next.delayMs : 0
      if (state !== 'down' && next === 'down') await cut()
      if (state === 'down' && next !== 'down') await listen(server, port)
      state = next
    },
    close: async () => {
      if (state !== 'down') await cut()
    },
  }
}

function storeAddress(storeUrl: string): { host: string; port: number } {
  const url = URL.canParse(storeUrl) ? new URL(storeUrl) : undefined
  if (url === undefined || url.hostname === '' || url.port === '')
    throw new HarnessError('CONFIG', `target.start.nonceStore.url: "${storeUrl}" is no URL with a host and a port`, {
      hint: 'write it as redis://127.0.0.1:6379',
    })
  if (!isLoopback(url.hostname))
    throw new HarnessError('NOT_ALLOWED', `target.start.nonceStore.url: ${url.hostname} is not this machine`, {
      hint: 'the store of a target under test must run on this machine to be cut off',
    })
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) }
}

function withHost(storeUrl: string, host: string): string {
  const url = new URL(storeUrl)
  url.host = host
  return url.href
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
