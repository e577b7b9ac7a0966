import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountStore, BindRequest, LoggedIn, LoginType } from '../../reference-backend/stores/accounts.ts'
import type { Place } from './places.ts'

const AT_MS = 1_700_000_000_000

/** What every account store promises of several identities on one account. */
export function identitiesSuite(place: Place): void {
  describe('identities', () => {
    let store: AccountStore
    let close: () => Promise<unknown>
    beforeAll(async () => {
      const { accounts, ephemeral } = await place.open()
      store = accounts
      close = () => Promise.all([accounts.close(), ephemeral.close()])
    })
    afterAll(() => close())

    const logIn = (type: LoginType, identifier: string, credential?: string): Promise<LoggedIn> =>
      store.logIn({ type, identifier, atMs: AT_MS, ip: '127.0.0.1', ...(credential === undefined ? {} : { credential }) })
    const request = (accountId: string, type: LoginType, identifier: string, onePerType = false): BindRequest => ({
      accountId,
      type,
      identifier,
      atMs: AT_MS,
      ip: '127.0.0.1',
      onePerType,
    })

    it('are keyed by type and identifier: one text under two types is two people', async () => {
      const one = await logIn('qq', '13310000001')
      const two = await logIn('phone', '13310000001')
      expect(two.accountId).not.toBe(one.accountId)
      expect((await logIn('qq', '13310000001')).accountId).toBe(one.accountId)
    })

    it('lead to one account, whichever is used', async () => {
      const { accountId } = await logIn('phone', '13310000002')
      expect(await store.bind(request(accountId, 'weibo', 'w-2'))).toMatchObject({ kind: 'bound' })
      expect(await logIn('weibo', 'w-2')).toMatchObject({ accountId, created: false })
      expect((await store.identities(accountId)).map(row => [row.type, row.identifier, row.verified])).toEqual(
        expect.arrayContaining([
          ['phone', '13310000002', true],
          ['weibo', 'w-2', true],
        ]),
      )
    })

    it('belong to one of 20 accounts that bind the same at once', async () => {
      const owners = await Promise.all(Array.from({ length: 20 }, (_, i) => logIn('phone', `133101000${10 + i}`)))
      const outcomes = await Promise.all(owners.map(({ accountId }) => store.bind(request(accountId, 'qq', 'contested'))))
      expect(outcomes.filter(outcome => outcome.kind === 'bound')).toHaveLength(1)
      expect(outcomes.filter(outcome => outcome.kind === 'taken')).toHaveLength(19)
      const winner = owners[outcomes.findIndex(outcome => outcome.kind === 'bound')]
      expect((await logIn('qq', 'contested')).accountId).toBe(winner?.accountId)
    })

    it('are one per type where that is the rule, also for 10 bound at once', async () => {
      const { accountId } = await logIn('phone', '13310000003')
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => store.bind(request(accountId, 'email', `e${i}@example.com`, true))),
      )
      expect(outcomes.filter(outcome => outcome.kind === 'bound')).toHaveLength(1)
      expect(outcomes.filter(outcome => outcome.kind === 'occupied')).toHaveLength(9)
      expect(await store.bind(request(accountId, 'email', 'second@example.com', false))).toMatchObject({ kind: 'bound' })
    })

    it('already bound to the same account are said to be', async () => {
      const { accountId } = await logIn('phone', '13310000004')
      expect(await store.bind(request(accountId, 'phone', '13310000004'))).toEqual({ kind: 'already' })
    })

    it('are removed by type, but never the last to log in by; a password does not count', async () => {
      const { accountId, identityId } = await logIn('phone', '13310000005')
      await store.setPasswordHash(accountId, 'hash', AT_MS, '')
      expect(await store.removeType(accountId, 'phone')).toBeUndefined()
      await store.bind(request(accountId, 'qq', 'q-5'))
      expect(await store.removeType(accountId, 'phone')).toEqual([identityId])
      expect(await store.removeType(accountId, 'qq')).toBeUndefined()
      expect((await logIn('phone', '13310000005')).accountId).not.toBe(accountId)
    })

    it('of two types removed at once leave one', async () => {
      const { accountId } = await logIn('phone', '13310000006')
      await store.bind(request(accountId, 'qq', 'q-6'))
      const removed = await Promise.all([store.removeType(accountId, 'phone'), store.removeType(accountId, 'qq')])
      expect(removed.filter(ids => ids !== undefined)).toHaveLength(1)
      expect(await store.identities(accountId)).toHaveLength(1)
    })

    it('only claimed open nothing, keep nobody from them and end when somebody proves them', async () => {
      const claimant = await logIn('phone', '13310000007')
      await store.claim(request(claimant.accountId, 'email', 'claimed@example.com'))
      await store.claim(request(claimant.accountId, 'email', 'claimed@example.com'))
      expect(await store.binding('email', 'claimed@example.com')).toBeUndefined()
      expect((await store.identities(claimant.accountId)).map(row => row.verified).sort()).toEqual([false, true])
      const owner = await logIn('email', 'claimed@example.com')
      expect(owner).toMatchObject({ created: true })
      expect(owner.accountId).not.toBe(claimant.accountId)
      expect(await store.identities(claimant.accountId)).toHaveLength(1)
    })

    it('claimed and then proved by the claimant are its own', async () => {
      const { accountId } = await logIn('phone', '13310000008')
      await store.claim(request(accountId, 'email', 'mine@example.com'))
      expect(await store.bind(request(accountId, 'email', 'mine@example.com', true))).toMatchObject({ kind: 'bound' })
      expect(await store.identities(accountId)).toHaveLength(2)
    })

    it('have one password between them, replaced as a whole', async () => {
      const { accountId } = await logIn('phone', '13310000009')
      expect(await store.passwordHash(accountId)).toBeUndefined()
      await Promise.all(['a', 'b', 'c'].map(hash => store.setPasswordHash(accountId, hash, AT_MS, '')))
      await store.setPasswordHash(accountId, 'last', AT_MS, '')
      expect(await store.passwordHash(accountId)).toBe('last')
      expect(await store.setPasswordHash('nobody', 'x', AT_MS, '')).toBe(false)
      expect(await store.identities(accountId)).toHaveLength(1)
    })

    it('have a profile of which each field changes alone', async () => {
      const { accountId } = await logIn('phone', '13310000010')
      await store.changeProfile(accountId, { nickname: '小明' })
      await store.changeProfile(accountId, { avatar: 'https://example.com/a.png' })
      expect(await store.account(accountId)).toMatchObject({ nickname: '小明', avatar: 'https://example.com/a.png' })
    })

    it('leave lines in an audit log, newest first, of the account only', async () => {
      const { accountId } = await logIn('phone', '13310000011')
      for (let i = 0; i < 3; i++)
        await store.audit({ accountId, method: `m${i}`, outcome: 'granted', atMs: AT_MS + i, ip: '::1' })
      await store.audit({ accountId: undefined, method: 'sms', outcome: 'CODE_INVALID', atMs: AT_MS, ip: '::1' })
      const lines = await store.auditOf(accountId, 2)
      expect(lines.map(line => line.method)).toEqual(['m2', 'm1'])
      expect(lines[0]).toEqual({ accountId, method: 'm2', outcome: 'granted', atMs: AT_MS + 2, ip: '::1' })
    })
  })
}
