import { describe, expect, it } from 'vitest'
import { joinJwt, payloadFor, splitJwt } from '../../../attacks/kit/jwt.ts'
import { lookalike, oneCharacterOff } from '../../../attacks/kit/lookalike.ts'
import { mutations } from '../../../attacks/kit/mutate.ts'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import { seededRng } from '../../../src/contract/rng.ts'
import { mintToken, readToken } from '../../../src/contract/token.ts'

const SEED = 42
const token = (carrier: (typeof CARRIER_IDS)[number], tokenIndex: number) =>
  mintToken(SEED, {
    carrier,
    tokenIndex,
    subscriberIndex: 1,
    generation: 0,
    appIndex: 0,
    purpose: 'login',
    issuedAtMs: 1_700_000_000_000,
  })

describe.each(CARRIER_IDS)('a token of %s', carrier => {
  const genuine = Array.from({ length: 200 }, (_, i) => token(carrier, i))

  it('never comes out of the mutator unchanged', () => {
    for (const text of genuine) for (const mutation of mutations(text, seededRng(7))) expect(mutation.token).not.toBe(text)
  })

  it('is no token any more after any mutation of its text', () => {
    for (const text of genuine)
      for (const { token: broken } of mutations(text, seededRng(7)))
        if (typeof broken === 'string') expect(readToken(SEED, carrier, broken)).toBeUndefined()
  })

  it('has lookalikes of its shape that no carrier issued', () => {
    for (const text of genuine) {
      const invented = lookalike(seededRng(3), text)
      expect(invented).toHaveLength(text.length)
      expect(invented.slice(0, -32)).toBe(text.slice(0, -32))
      expect(invented.slice(-32)).toMatch(/^[0-9a-f]{32}$/)
      expect(readToken(SEED, carrier, invented)).toBeUndefined()
    }
  })

  it('differs from its one-character change in one place', () => {
    for (const text of genuine) {
      const changed = oneCharacterOff(seededRng(5), text)
      expect([...text].filter((character, at) => changed[at] !== character)).toHaveLength(1)
    }
  })
})

it('the same stream of chance breaks a token the same way', () => {
  const text = token('china-mobile', 1)
  expect(mutations(text, seededRng(7))).toEqual(mutations(text, seededRng(7)))
})

describe('taking a JWT apart', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const jwt = `${part({ alg: 'HS256' })}.${part({ sub: 'acc-1', n: { own: 'acc-1' } })}.c2ln`

  it('finds it inside a cookie and puts it back there', () => {
    const parts = splitJwt(`sid=${jwt}`)!
    expect(parts.payloadJson.sub).toBe('acc-1')
    expect(joinJwt(parts, parts.header, parts.payload, parts.signature)).toBe(`sid=${jwt}`)
    expect(joinJwt(parts, parts.header, parts.payload)).toBe(`sid=${parts.header}.${parts.payload}`)
  })

  it.each(['', 'opaque-session-id', 'aaaa.bbbb.cccc', `${part([1])}.${part({})}.c2ln`, '1.2.3'])(
    'leaves %j alone: no JWT',
    text => {
      expect(splitJwt(text)).toBeUndefined()
    },
  )

  it('writes the victim wherever the attacker stood', () => {
    const own = splitJwt(jwt)!
    expect(payloadFor(own, 'acc-1', own, 'acc-2')).toEqual({ sub: 'acc-2', n: { own: 'acc-2' } })
  })

  it("lends the victim's claims when the account id stands nowhere", () => {
    const own = splitJwt(jwt)!
    const victim = splitJwt(`${part({ alg: 'HS256' })}.${part({ uid: 9 })}.c2ln`)!
    expect(payloadFor(own, 'not in there', victim, 'acc-2')).toEqual({ uid: 9 })
  })
})
