import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { makeCertificates } from '../../../mocks/certificates.ts'

/** A door of TLS before a plain server. */
export interface SlowDoor {
  /** https. */
  url: string
  /** The authority's certificate, PEM. */
  caPem: string
  /** Connections made so far. */
  connections(): number
  close(): Promise<void>
}

/** Serves `plainUrl` over TLS, each connection's handshake held up by `holdMs`: time that passes before any request is sent. */
export async function slowDoor(plainUrl: string, holdMs: number): Promise<SlowDoor> {
  const { caPem, key, cert } = await makeCertificates(['127.0.0.1'], Date.now())
  const plain = new URL(plainUrl)
  const open = new Set<Socket>()
  let count = 0
  const tls = createTlsServer({ key, cert }, socket => join(socket, connect(Number(plain.port), plain.hostname)))
  const tlsPort = await listening(tls)
  const door = createServer(socket => {
    count++
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // What the client says first waits in the socket until somebody reads it.
    socket.pause()
    setTimeout(() => join(socket, connect(tlsPort, '127.0.0.1')), holdMs)
  })
  const port = await listening(door)
  return {
    url: `https://127.0.0.1:${port}`,
    caPem,
    connections: () => count,
    close: async () => {
      for (const socket of open) socket.destroy()
      await Promise.all([door, tls].map(server => new Promise(done => server.close(done))))
    },
  }
}

function join(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy()).on('close', () => to.destroy())
    from.pipe(to)
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
