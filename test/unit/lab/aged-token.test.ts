import { expect, it } from 'vitest'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import { imsiOf } from '../../../src/contract/people.ts'
import { HANDSET_TOKEN_BASE, readToken } from '../../../src/contract/token.ts'
import { agedTokens } from '../../../src/lab/aged-token.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

it.each(CARRIER_IDS)('a %s token of the past is one the carrier itself would have minted then', carrier => {
  const aged = agedTokens(5, () => NOW)
  const sim = { index: 77, carrier, msisdn: '13800000000', imsi: imsiOf(carrier, 77, 2) }
  const wish = { appId: 'app', appIndex: 1, purpose: 'login', ageMs: 60_000 } as const
  const [first, second] = [aged(sim, wish), aged(sim, wish)]
  const claims = readToken(5, carrier, first.token)
  expect(claims).toMatchObject({ subscriberIndex: 77, generation: 2, appIndex: 1, issuedAtMs: NOW - 60_000 })
  expect(claims?.tokenIndex).toBeLessThan(HANDSET_TOKEN_BASE)
  expect(second.token).not.toBe(first.token)
  expect(first.authCode !== undefined).toBe(carrier === 'china-telecom')
})
