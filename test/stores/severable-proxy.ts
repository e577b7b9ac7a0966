import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A wire to a server that can be cut and mended: what a store outage looks like from the backend. */
export interface SeverableProxy {
  /** The server's address with the proxy's host and port in it. */
  url: string
  cut(): Promise<void>
  mend(): Promise<void>
}

export async function startProxy(serverUrl: string): Promise<SeverableProxy> {
  const target = new URL(serverUrl)
  const sockets = new Set<Socket>()
  const server = createServer(inbound => {
    const outbound = connect(Number(target.port), target.hostname)
    for (const socket of [inbound, outbound]) sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}))
    inbound.pipe(outbound).pipe(inbound)
  })
  await listen(server, 0)
  const { port } = server.address() as AddressInfo
  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${port}`
  return {
    url: url.href,
    cut: async () => {
      const closed = new Promise(resolve => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    mend: () => listen(server, port),
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve())
  })
}
