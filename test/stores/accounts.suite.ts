import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountStore, LoggedIn } from '../../reference-backend/stores/accounts.ts'
import type { Place } from './places.ts'

/** What every account store promises. */
export function accountsSuite(place: Place): void {
  describe('accounts', () => {
    let store: AccountStore
    let close: () => Promise<unknown>
    beforeAll(async () => {
      const { accounts, ephemeral } = await place.open()
      store = accounts
      close = () => Promise.all([accounts.close(), ephemeral.close()])
    })
    afterAll(() => close())

    const logIn = (identifier: string, atMs = 1_700_000_000_000): Promise<LoggedIn> =>
      store.logIn({ type: 'phone', identifier, atMs, ip: '127.0.0.1' })

    it('are made at the first login and found at the next', async () => {
      const first = await logIn('13300000001')
      const second = await logIn('13300000001')
      expect(first.created).toBe(true)
      expect(second).toEqual({ ...first, created: false })
      expect(await store.account(first.accountId)).toEqual({
        id: first.accountId,
        nickname: expect.not.stringContaining('0001'),
        avatar: undefined,
        createdAtMs: 1_700_000_000_000,
        msisdn: '13300000001',
      })
      expect((await logIn('13300000002')).accountId).not.toBe(first.accountId)
    })

    it('are one for 50 first logins of a number at once', async () => {
      const logins = await Promise.all(Array.from({ length: 50 }, () => logIn('13300000003')))
      expect(new Set(logins.map(login => login.accountId)).size).toBe(1)
      expect(new Set(logins.map(login => login.identityId)).size).toBe(1)
      expect(logins.filter(login => login.created)).toHaveLength(1)
    })

    it('keep the time of binding when the number logs in again', async () => {
      await logIn('13300000004', 1_700_000_000_123)
      const { accountId, identityId } = await logIn('13300000004', 1_800_000_000_456)
      const binding = await store.binding('phone', '13300000004')
      expect(binding).toEqual({ accountId, identityId, verifiedAtMs: 1_700_000_000_123, holderSinceMs: 1_700_000_000_123 })
      await store.setHolderSince(identityId, 1_700_000_001_000)
      expect(await store.binding('phone', '13300000004')).toMatchObject({ holderSinceMs: 1_700_000_001_000 })
    })

    it('outlive the number they were bound to, which then begins anew', async () => {
      const former = await logIn('13300000005')
      await store.unbind(former.identityId)
      expect(await store.binding('phone', '13300000005')).toBeUndefined()
      expect(await store.account(former.accountId)).toMatchObject({ id: former.accountId, msisdn: undefined })
      const next = await logIn('13300000005')
      expect(next.created).toBe(true)
      expect(next.accountId).not.toBe(former.accountId)
      expect(next.identityId).not.toBe(former.identityId)
      await store.unbind(former.identityId)
      expect((await logIn('13300000005')).accountId).toBe(next.accountId)
    })

    it('let in by the row that was found, and by no row that is gone since', async () => {
      const { accountId, identityId } = await logIn('13300000009')
      expect(await store.touch(identityId, 1_700_000_000_009, '::1')).toEqual({ accountId, identityId, created: false })
      expect(await store.identities(accountId)).toMatchObject([{ lastUsedAtMs: 1_700_000_000_009 }])
      await store.unbind(identityId)
      expect(await store.touch(identityId, 1_700_000_000_010, '::1')).toBeUndefined()
      expect(await store.binding('phone', '13300000009')).toBeUndefined()
    })

    it('take what is not theirs for text, never for SQL', async () => {
      const evil = "x' OR '1'='1"
      expect(await store.account(evil)).toBeUndefined()
      expect(await store.binding('phone', evil)).toBeUndefined()
      await store.unbind(evil)
      const { accountId } = await logIn(evil)
      expect(await store.account(accountId)).toMatchObject({ msisdn: evil })
    })

    it('note the carrier of the highest sequence, in whatever order it comes', async () => {
      expect(await store.notedCarrier('13300000006')).toBeUndefined()
      for (const [carrier, sequence] of [
        ['b', 2],
        ['c', 3],
        ['a', 1],
        ['d', 3],
      ] as const) {
        await store.noteCarrier({ identifier: '13300000006', carrier, sequence })
      }
      expect(await store.notedCarrier('13300000006')).toBe('c')
    })

    it('know a notice they have recorded, and let one of 50 record it', async () => {
      expect(await store.hasEvent('e-1')).toBe(false)
      const won = await Promise.all(Array.from({ length: 50 }, () => store.recordEvent('e-1', 1_700_000_000_000)))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await store.hasEvent('e-1')).toBe(true)
      expect(await store.hasEvent('e-2')).toBe(false)
    })
  })
}
