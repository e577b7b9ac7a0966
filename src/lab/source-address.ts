import { randomInt } from 'node:crypto'
import net from 'node:net'

/**
 * An address of this machine that nobody else sends from, when the target is on loopback: limits by source then count each attack
 * for itself. All of 127.0.0.0/8 is this machine on Linux; where it is not, and for targets elsewhere, undefined.
 */
export async function freshSource(baseUrl: string): Promise<string | undefined> {
  if (!isLoopback(baseUrl)) return undefined
  // 127.0.x.y is left to people and their services.
  const address = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`
  return (await canSendFrom(address)) ? address : undefined
}

/**
 * Addresses that the users of a load may come from, as k6 writes a range: real users do not share one, and a target's limits by
 * address would else count a crowd as one person. Undefined as above.
 */
export async function sourceRange(baseUrl: string): Promise<string | undefined> {
  if (!isLoopback(baseUrl)) return undefined
  return (await canSendFrom(FIRST_SOURCE)) ? `${FIRST_SOURCE}-127.64.15.254` : undefined
}

const FIRST_SOURCE = '127.64.0.1'
/** How many of them from there on: to 127.64.15.254, which k6 is told. */
const SOURCES = 4094

/** The n-th of those addresses, from 0; after the last the first again. */
export function sourceAt(n: number): string {
  const place = (n % SOURCES) + 1
  return `127.64.${place >> 8}.${place & 255}`
}

/** Only IPv4's: `localhost` may also be ::1, which a source of 127 cannot reach. */
function isLoopback(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl)
  return hostname === 'localhost' || hostname.startsWith('127.')
}

function canSendFrom(address: string): Promise<boolean> {
  return new Promise(resolve => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen(0, address, () => probe.close(() => resolve(true)))
  })
}
