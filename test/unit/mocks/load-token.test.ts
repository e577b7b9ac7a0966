import { describe, expect, it } from 'vitest'
import { loadToken, loadTokenWish } from '../../../mocks/load-token.ts'
import { HANDSET_TOKEN_BASE, readToken } from '../../../src/contract/token.ts'

const phone = { carrier: 'china-telecom', subscriberIndex: 5, appIndex: 0, appId: 'app', purpose: 'login' } as const

describe('a load token asked for by a phone', () => {
  it('is the one its generator would have minted', () => {
    const issued = loadToken(9, phone, { tokenIndex: 77, issuedAtMs: 1_790_000_000_000 })
    expect(readToken(9, 'china-telecom', issued.token)).toMatchObject({ tokenIndex: 77, subscriberIndex: 5, generation: 0 })
    expect(issued.authCode).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is not asked for by an ordinary phone, and never one of a handset', () => {
    expect(loadTokenWish({ imsi: '460' })).toBeUndefined()
    expect(loadTokenWish({ tokenIndex: 1, issuedAtMs: 2 })).toEqual({ tokenIndex: 1, issuedAtMs: 2 })
    expect(loadTokenWish({ tokenIndex: HANDSET_TOKEN_BASE, issuedAtMs: 2 })).toContain('tokenIndex')
    expect(loadTokenWish({ tokenIndex: 1 })).toContain('issuedAtMs')
  })
})
