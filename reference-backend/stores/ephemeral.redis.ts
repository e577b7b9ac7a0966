import { Redis } from 'ioredis'
import type { EphemeralStore } from './ephemeral.ts'

/** Counting and giving the counter a life must be one step: a crash between the two would leave a counter for ever. */
const BUMP = `
local sum = redis.call('INCR', KEYS[1])
if sum == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return sum`

interface WithBump {
  onetapBump(key: string, ttlMs: number): Promise<number>
}

/** Values in Redis (6.2 or newer, for GETDEL), shared by all instances under one prefix. Throws when Redis cannot be reached. */
export async function openRedisEphemeral(url: string, keyPrefix: string): Promise<EphemeralStore> {
  const redis = new Redis(url, {
    keyPrefix: `${keyPrefix}:`,
    lazyConnect: true,
    // Commands of one turn of the event loop go out together.
    enableAutoPipelining: true,
    // A login must get its 503 soon, not hang until Redis is back.
    maxRetriesPerRequest: 1,
    commandTimeout: 2000,
    connectTimeout: 2000,
    scripts: { onetapBump: { lua: BUMP, numberOfKeys: 1 } },
  })
  // Without a listener ioredis writes to the console; each failed command rejects on its own anyway.
  redis.on('error', () => {})
  try {
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    throw error
  }
  return redisEphemeral(redis as Redis & WithBump)
}

function redisEphemeral(redis: Redis & WithBump): EphemeralStore {
  return {
    put: async (key, value, ttlMs) => {
      await redis.set(key, value, 'PX', ttlMs)
    },
    putIfAbsent: async (key, value, ttlMs) => (await redis.set(key, value, 'PX', ttlMs, 'NX')) === 'OK',
    get: async key => (await redis.get(key)) ?? undefined,
    hasAny: async keys => keys.length > 0 && (await redis.exists(...keys)) > 0,
    take: async key => (await redis.getdel(key)) ?? undefined,
    bump: (key, ttlMs) => redis.onetapBump(key, ttlMs),
    drop: async key => {
      await redis.del(key)
    },
    close: async () => {
      redis.disconnect()
    },
  }
}
