import { randomInt } from 'node:crypto'
import net from 'node:net'

/**
 * An address of this machine that nobody else sends from, when the target is on loopback: limits by source then count each attack
 * for itself. All of 127.0.0.0/8 is this machine on Linux; where it is not, and for targets elsewhere, undefined.
 */
export async function freshSource(baseUrl: string): Promise<string | undefined> {
  const { hostname } = new URL(baseUrl)
  if (hostname !== 'localhost' && !hostname.startsWith('127.')) return undefined
  // 127.0.x.y is left to people and their services.
  const address = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`
  return (await canSendFrom(address)) ? address : undefined
}

function canSendFrom(address: string): Promise<boolean> {
  return new Promise(resolve => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen(0, address, () => probe.close(() => resolve(true)))
  })
}
