import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import attack from '../../attacks/carrier-failure/cf-fail-closed.ts'
import type { FailClosedMap } from '../../src/contract/figures.ts'
import type { RunningMocks } from '../../src/world/mocks.ts'
import { type StoreProxy, startStoreProxy } from '../../src/world/store-proxy.ts'
import { DATABASE_URL, hasServers, LEFT_OUT, REDIS_URL } from '../stores/places.ts'
import { type Examined, examine, startCarriers, startPatient } from './world.ts'

if (hasServers) describe('the fail-closed map, with a nonce store to cut off', failClosedMap)
else it.skip(LEFT_OUT)

function failClosedMap(): void {
  let mocks: RunningMocks
  let proxy: StoreProxy
  beforeAll(async () => {
    mocks = await startCarriers()
    proxy = await startStoreProxy(REDIS_URL)
  })
  afterAll(async () => {
    await mocks?.stop()
    await proxy?.close()
  })

  async function mapOf(flaws: string, session: 'opaque' | 'jwt' = 'opaque'): Promise<{ seen: Examined; map: FailClosedMap }> {
    const patient = await startPatient(mocks.ready, flaws, session, {
      DATABASE_URL: DATABASE_URL,
      REDIS_URL: proxy.url,
      KEY_PREFIX: `map-${randomBytes(4).toString('hex')}`,
    })
    try {
      const seen = await examine(attack, mocks.ready, { ...patient, nonceStore: state => proxy.set(state) })
      const figures = seen.verdict.judgement?.figures
      if (figures?.kind !== 'fail-closed-map') throw new Error(seen.verdict.claim)
      return { seen, map: figures.map }
    } finally {
      await patient.stop()
    }
  }

  it('is closed in every cell for the sound backend, with a slow store and with none', async () => {
    const { seen, map } = await mapOf('')
    expect(seen.verdict.outcome, seen.verdict.claim).toBe('pass')
    const idle = map.cells.filter(({ load }) => load === 'idle')
    expect(idle.map(({ state }) => state).filter(state => state !== 'refused' && state !== 'errored')).toEqual([])
    const down = idle.filter(({ trouble }) => trouble === 'nonce-store-down')
    expect(down.map(({ state }) => state)).toEqual(['errored', 'errored', 'errored'])
  })

  it("opens to a former holder's session while the store is down, and under no other trouble, where the backend goes on without it", async () => {
    const { seen, map } = await mapOf('store-outage=goes-on-without', 'jwt')
    expect(seen.verdict.outcome, seen.verdict.claim).toBe('fail')
    const open = map.cells.filter(({ state }) => state === 'accepted')
    expect(open.map(({ enemy }) => enemy)).toContain('reissued')
    expect(new Set(open.map(({ trouble }) => trouble))).toEqual(new Set(['nonce-store-down']))
  })

  it('opens where the backend opens when carriers are in trouble, and nowhere else', async () => {
    const { seen, map } = await mapOf('carrier-token-verified=fail-open')
    expect(seen.verdict.outcome).toBe('fail')
    const open = map.cells.filter(({ state }) => state === 'accepted')
    expect(new Set(open.map(({ enemy }) => enemy))).toEqual(new Set(['forged']))
    expect(open.every(({ trouble }) => trouble.startsWith('carrier-'))).toBe(true)
  })
}
