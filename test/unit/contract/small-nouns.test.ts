import { describe, expect, it } from 'vitest'
import { CARRIER_IDS, carrierOrdinal, isCarrierId } from '../../../src/contract/carriers.ts'
import { HarnessError } from '../../../src/contract/errors.ts'
import { exhaustive } from '../../../src/contract/json.ts'
import { plannedArrivals } from '../../../src/contract/shape.ts'

describe('carriers', () => {
  it('keep their position: tokens already minted carry it', () => {
    expect(CARRIER_IDS.map(carrierOrdinal)).toEqual([0, 1, 2])
    expect(CARRIER_IDS).toEqual(['china-mobile', 'china-unicom', 'china-telecom'])
  })

  it('are told from other text', () => {
    expect(CARRIER_IDS.every(isCarrierId)).toBe(true)
    for (const other of ['China-Mobile', 'china-mobile ', '', null, 0, {}]) expect(isCarrierId(other)).toBe(false)
  })
})

describe('a harness error', () => {
  it('becomes a record with its hint, without its cause', () => {
    const error = new HarnessError('PORT_IN_USE', 'port 8080 is taken', { hint: 'use port 0', cause: new Error('EADDRINUSE') })
    expect(error.toRecord()).toEqual({ code: 'PORT_IN_USE', message: 'port 8080 is taken', hint: 'use port 0' })
    expect(error.cause).toEqual(new Error('EADDRINUSE'))
    expect(error).toBeInstanceOf(Error)
  })

  it('has no hint and no cause unless given', () => {
    const error = new HarnessError('INTERNAL', 'broken')
    expect(error.toRecord()).toEqual({ code: 'INTERNAL', message: 'broken' })
    expect('cause' in error).toBe(false)
  })
})

describe('a load shape', () => {
  it('plans arrivals for an open model and none for a closed one', () => {
    expect(plannedArrivals({ kind: 'constant-arrival-rate', ratePerSecond: 250, durationMs: 1_500 })).toBe(375)
    expect(plannedArrivals({ kind: 'closed', users: 10, durationMs: 1_000 })).toBeUndefined()
  })
})

it('a case nobody handled is named in the error', () => {
  expect(() => exhaustive({ kind: 'new' } as never)).toThrow('{"kind":"new"}')
})
