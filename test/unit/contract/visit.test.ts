import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import type { FaultRule } from '../../../src/contract/fault.ts'
import { subscriberAt } from '../../../src/contract/people.ts'
import { mintAuthCode, readToken } from '../../../src/contract/token.ts'
import { comersOf, doomReader, exchangeTokenIndex, stepOutcome, VISIT_SPAN, visitMaker } from '../../../src/contract/visit.ts'

const NOW = 1_790_000_000_000
const providers = CARRIER_IDS.map(carrier => ({ provider: carrier, appIds: [`app of ${carrier}`, 'a foreign app'] }))
const source = { seed: 42, subscribers: 3_000, providers, operations: ['nonce', 'oneTap'] as const }
const indices = fc.integer({ min: 0, max: 0x7fff_ffff })

describe('a visit', () => {
  it('carries a token that its own carrier reads back as this very visit', () => {
    const visitAt = visitMaker(source)
    fc.assert(
      fc.property(indices, index => {
        const visit = visitAt(index, NOW)
        const claims = readToken(source.seed, visit.carrier, visit.token)
        expect(claims).toMatchObject({ tokenIndex: index, generation: 0, appIndex: 0, purpose: 'login', issuedAtMs: NOW })
        expect(claims!.subscriberIndex).toBeLessThan(source.subscribers)
        expect(subscriberAt(source.seed, claims!.subscriberIndex).carrier).toBe(visit.carrier)
        expect(visit.appId).toBe(`app of ${visit.carrier}`)
      }),
    )
  })

  it('is the same again from its index alone', () => {
    const one = visitMaker(source)(77, NOW)
    const other = visitMaker(source)(77, NOW)
    expect(JSON.stringify(one)).toBe(JSON.stringify(other))
    expect(one.person()).toEqual(other.person())
    expect(one.secondToken('verify')).toEqual(other.secondToken('verify'))
  })

  it('has an authCode with China Telecom and with no other carrier', () => {
    const visitAt = visitMaker(source)
    for (let index = 0; index < 60; index++) {
      const visit = visitAt(index, NOW)
      expect(visit.authCode).toBe(visit.carrier === 'china-telecom' ? mintAuthCode(source.seed, index) : undefined)
    }
  })

  it('knows which operations the target has', () => {
    const visit = visitMaker(source)(1, NOW)
    expect([visit.has('nonce'), visit.has('oneTap'), visit.has('me')]).toEqual([true, true, false])
  })
})

describe('visits', () => {
  it('go to all carriers of the job about equally, and to no other', () => {
    const visitAt = visitMaker({ ...source, providers: providers.slice(1) })
    const perCarrier = new Map<string, number>()
    for (let index = 0; index < 10_000; index++) {
      const { carrier } = visitAt(index, NOW)
      perCarrier.set(carrier, (perCarrier.get(carrier) ?? 0) + 1)
    }
    expect([...perCarrier.keys()].sort()).toEqual(['china-telecom', 'china-unicom'])
    for (const count of perCarrier.values()) expect(Math.abs(count - 5_000)).toBeLessThan(300)
  })

  it('reach nearly every subscriber when there are many more visits than people', () => {
    const visitAt = visitMaker({ ...source, subscribers: 300 })
    const seen = new Set<number>()
    for (let index = 0; index < 6_000; index++) {
      const visit = visitAt(index, NOW)
      seen.add(readToken(source.seed, visit.carrier, visit.token)!.subscriberIndex)
    }
    expect(seen.size).toBe(300)
  })

  it('cannot be made without carriers or with fewer subscribers than carriers', () => {
    expect(() => visitMaker({ ...source, providers: [] })).toThrow('at least one carrier')
    expect(() => visitMaker({ ...source, subscribers: 2 })).toThrow('at least 3 subscribers')
  })
})

describe('the outcome of a step', () => {
  it("is the carrier's failure only when a fault hit the token and the backend did not let it pass", () => {
    expect(stepOutcome({ kind: 'failed', reason: '502' }, true)).toBe('carrier-failed')
    expect(stepOutcome({ kind: 'refused' }, true)).toBe('carrier-failed')
    expect(stepOutcome({ kind: 'granted' }, true)).toBe('granted')
    expect(stepOutcome({ kind: 'failed', reason: '502' }, false)).toBe('failed')
    expect(stepOutcome({ kind: 'refused' }, false)).toBe('refused')
  })

  it('knows the visits that a fault dooms: by carrier, by time of issue, by token', () => {
    const all: FaultRule = { id: 'error-rate', share: 1, answer: 'http' }
    const visitAt = visitMaker({ ...source, seed: 1 })
    const visits = Array.from({ length: 60 }, (_, i) => visitAt(i, 1_700_000_000_000 + i * 100))
    const doomed = (rule: FaultRule) => visits.map(doomReader([rule], 1))
    expect(doomed(all)).not.toContain(false)
    expect(doomed({ ...all, share: 0 })).not.toContain(true)
    expect(visits.map(doomReader([], 1))).not.toContain(true)
    expect(doomed({ ...all, providers: ['china-unicom'] })).toEqual(visits.map(visit => visit.carrier === 'china-unicom'))
    expect(doomed({ ...all, operations: ['tokenValidate'] })).not.toContain(true)
    const late: FaultRule = { ...all, fromMs: 3_000, originMs: 1_700_000_000_000 }
    expect(doomed(late)).toEqual(visits.map((_, i) => i >= 30))
  })
})

describe('a plan of who comes', () => {
  const comers = { returningShare: 0.4, knownPeople: 50, carrierWeights: { 'china-mobile': 3, 'china-unicom': 1 } }
  const visitAt = visitMaker({ ...source, comers })
  const visits = Array.from({ length: 10_000 }, (_, index) => visitAt(index, NOW))

  it('has its share of known people, who are the same each time they come', () => {
    const known = visits.filter(visit => visit.known !== undefined)
    expect(Math.abs(known.length - 4_000)).toBeLessThan(250)
    const numbers = new Map(known.map(visit => [visit.known, visit.person().msisdn]))
    expect(numbers.size).toBe(50)
    expect(new Set(numbers.values()).size).toBe(50)
    for (const visit of known) expect(visit.person().msisdn).toBe(visitAt.known(visit.known!, 5, NOW).person().msisdn)
  })

  it('lets no stranger come twice while there are others, and none who is known', () => {
    const strangers = visits.slice(0, 900).filter(visit => visit.known === undefined)
    const known = new Set(Array.from({ length: 50 }, (_, which) => visitAt.known(which, 0, NOW).person().msisdn))
    const numbers = strangers.map(visit => visit.person().msisdn)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.filter(number => known.has(number))).toEqual([])
  })

  it('spreads them over carriers by weight', () => {
    const mobile = visits.filter(visit => visit.carrier === 'china-mobile').length
    expect(Math.abs(mobile - 7_500)).toBeLessThan(700)
    expect(visits.some(visit => visit.carrier === 'china-telecom')).toBe(false)
  })

  it('refuses more known people than there are, and weights that leave no carrier', () => {
    expect(() => visitMaker({ ...source, comers: { ...comers, knownPeople: 1_000 } })).toThrow('no stranger')
    expect(() => visitMaker({ ...source, comers: { ...comers, carrierWeights: { 'china-mobile': 0 } } })).toThrow('weight')
  })

  it('follows what the scenario asks for where it says nothing', () => {
    expect(comersOf({}, undefined)).toBeUndefined()
    expect(comersOf({ people: 'known' }, undefined)).toMatchObject({ returningShare: 1, knownPeople: 200 })
    expect(comersOf({ people: 'mixed' }, comers)).toEqual(comers)
    expect(comersOf({ carriers: ['china-unicom'] }, comers)?.carrierWeights).toEqual({ 'china-unicom': 1 })
  })
})

describe('the second token of a visit', () => {
  it('is of the same phone and moment, for its own purpose, and shares no index with any visit', () => {
    const visit = visitMaker(source)(3, NOW)
    const second = visit.secondToken('verify')
    const claims = readToken(source.seed, visit.carrier, second.token)
    expect(claims).toMatchObject({
      tokenIndex: second.tokenIndex,
      purpose: 'verify',
      issuedAtMs: NOW,
      subscriberIndex: visit.person().index,
    })
    expect(second.tokenIndex).toBeGreaterThanOrEqual(VISIT_SPAN.end)
    expect(second.tokenIndex).toBeLessThan(VISIT_SPAN.secondEnd)
    expect([exchangeTokenIndex('oneTap', 3), exchangeTokenIndex('verifyNumber', 3), exchangeTokenIndex('smsLogin', 3)]).toEqual([
      3,
      second.tokenIndex,
      undefined,
    ])
  })
})
