import { Redis } from 'ioredis'
import type { EphemeralStore } from './ephemeral.ts'

/** Counting and giving the counter a life must be one step: a crash between the two would leave a counter for ever. */
const BUMP = `
local sum = redis.call('INCRBY', KEYS[1], ARGV[2])
if redis.call('PTTL', KEYS[1]) == -1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return sum`

/** Between a GET and a DEL somebody may put another value, and that one would be lost. */
const TAKE_IF = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

interface WithScripts {
  onetapBump(key: string, ttlMs: number, by: number): Promise<number>
  onetapTakeIf(key: string, value: string): Promise<number>
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
    scripts: { onetapBump: { lua: BUMP, numberOfKeys: 1 }, onetapTakeIf: { lua: TAKE_IF, numberOfKeys: 1 } },
  })
  // Without a listener ioredis writes to the console; each failed command rejects on its own anyway.
  redis.on('error', () => {})
  try {
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    throw error
  }
  return redisEphemeral(redis as Redis & WithScripts)
}

function redisEphemeral(redis: Redis & WithScripts): EphemeralStore {
  return {
    put: async (key, value, ttlMs) => {
      await redis.set(key, value, 'PX', ttlMs)
    },
    putIfAbsent: async (key, value, ttlMs) => (await redis.set(key, value, 'PX', ttlMs, 'NX')) === 'OK',
    get: async key => (await redis.get(key)) ?? undefined,
    getAll: async keys => (keys.length === 0 ? [] : (await redis.mget(...keys)).map(value => value ?? undefined)),
    hasAny: async keys => keys.length > 0 && (await redis.exists(...keys)) > 0,
    take: async key => (await redis.getdel(key)) ?? undefined,
    takeIf: async (key, value) => (await redis.onetapTakeIf(key, value)) === 1,
    bump: (key, ttlMs, by = 1) => redis.onetapBump(key, ttlMs, by),
    drop: async key => {
      await redis.del(key)
    },
    close: async () => {
      redis.disconnect()
    },
  }
}
