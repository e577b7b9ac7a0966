import type { Server, Socket } from 'node:net'

/**
 * A TLS socket cannot be reset: Node does that to TCP handles alone, and hides the one beneath. A server sees the TCP socket
 * first, though, so it is noted here by its two ends.
 */
const byEnds = new Map<string, Socket>()

/** Notes the TCP sockets of a TLS server as long as they are open. */
export function noteRawSockets(server: Server): void {
  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket)
    byEnds.set(ends, socket)
    socket.once('close', () => byEnds.delete(ends))
  })
}

/** The TCP socket beneath this one; the socket itself when it is one. */
export function rawSocketOf(socket: Socket): Socket {
  return byEnds.get(endsOf(socket)) ?? socket
}

function endsOf({ localPort, remoteAddress, remotePort }: Socket): string {
  return `${localPort} ${remoteAddress} ${remotePort}`
}
