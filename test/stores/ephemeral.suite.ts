import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EphemeralStore } from '../../reference-backend/stores/ephemeral.ts'
import type { Place } from './places.ts'

const LONG_MS = 60_000

/** What every ephemeral store promises. */
export function ephemeralSuite(place: Place): void {
  describe('ephemeral values', () => {
    let store: EphemeralStore
    let close: () => Promise<unknown>
    let key = ''
    let keys = 0
    beforeAll(async () => {
      const { accounts, ephemeral } = await place.open()
      store = ephemeral
      close = () => Promise.all([accounts.close(), ephemeral.close()])
    })
    beforeEach(() => {
      key = `key:${keys++}`
    })
    afterAll(() => close())

    it('are read as they were put, and replaced by the next put', async () => {
      await store.put(key, 'one ü 😀', LONG_MS)
      expect(await store.get(key)).toBe('one ü 😀')
      await store.put(key, '', LONG_MS)
      expect(await store.get(key)).toBe('')
    })

    it('are undefined when never put or dropped', async () => {
      expect(await store.get(key)).toBeUndefined()
      await store.put(key, 'x', LONG_MS)
      await store.drop(key)
      await store.drop(key)
      expect(await store.get(key)).toBeUndefined()
    })

    it('are gone when their life has ended', async () => {
      await store.put(key, 'x', 20)
      await expect.poll(() => store.get(key)).toBeUndefined()
      expect(await store.take(key)).toBeUndefined()
      expect(await store.hasAny([key])).toBe(false)
      expect(await store.putIfAbsent(key, 'y', LONG_MS)).toBe(true)
    })

    it('are told to be there when one of the keys is', async () => {
      await store.put(key, '', LONG_MS)
      expect(await store.hasAny(['nothing', key])).toBe(true)
      expect(await store.hasAny(['nothing', 'neither'])).toBe(false)
      expect(await store.hasAny([])).toBe(false)
    })

    it('are taken once', async () => {
      await store.put(key, 'x', LONG_MS)
      expect(await store.take(key)).toBe('x')
      expect(await store.take(key)).toBeUndefined()
    })

    it('are taken by one of 50 who take at once', async () => {
      await store.put(key, 'x', LONG_MS)
      const taken = await Promise.all(Array.from({ length: 50 }, () => store.take(key)))
      expect(taken.filter(value => value === 'x')).toHaveLength(1)
      expect(taken.filter(value => value === undefined)).toHaveLength(49)
    })

    it('are taken by value only while they hold it, and then by one of 50', async () => {
      await store.put(key, 'x', LONG_MS)
      expect(await store.takeIf(key, 'y')).toBe(false)
      const taken = await Promise.all(Array.from({ length: 50 }, () => store.takeIf(key, 'x')))
      expect(taken.filter(Boolean)).toHaveLength(1)
      expect(await store.get(key)).toBeUndefined()
    })

    it('are read several at once, in the order asked for', async () => {
      await store.put(key, 'x', LONG_MS)
      expect(await store.getAll(['nothing', key])).toEqual([undefined, 'x'])
      expect(await store.getAll([])).toEqual([])
    })

    it('count by more than one, and back', async () => {
      expect(await store.bump(key, LONG_MS, 3)).toBe(3)
      expect(await store.bump(key, LONG_MS, -1)).toBe(2)
      expect(await store.bump(key, LONG_MS)).toBe(3)
    })

    it('are put by one of 50 who put if absent at once, and that one’s value stays', async () => {
      const won = await Promise.all(Array.from({ length: 50 }, (_, i) => store.putIfAbsent(key, String(i), LONG_MS)))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await store.get(key)).toBe(String(won.indexOf(true)))
    })

    it('count every one of 50 bumps made at once', async () => {
      const sums = await Promise.all(Array.from({ length: 50 }, () => store.bump(key, LONG_MS)))
      expect(sums.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
      expect(await store.get(key)).toBe('50')
    })

    it('count from one again after the first bump’s life, which later bumps do not prolong', async () => {
      expect(await store.bump(key, 200)).toBe(1)
      await expect.poll(() => store.bump(key, 200), { interval: 40, timeout: 10_000 }).toBe(1)
    })
  })
}
