import { describe, expect, it } from 'vitest'
import { SeenNonces } from '../../../mocks/wire/seen-nonces.ts'

const KEEP_MS = 1000

describe('seen nonces', () => {
  it('are refused for as long as they are kept, however often they come, and are new after that', () => {
    const nonces = new SeenNonces(KEEP_MS)
    expect(nonces.isNew('a', 0)).toBe(true)
    expect(nonces.isNew('b', 600)).toBe(true)
    expect(nonces.isNew('a', 999)).toBe(false)
    expect(nonces.isNew('a', 1000)).toBe(true)
    expect(nonces.isNew('b', 1599)).toBe(false)
    expect(nonces.isNew('a', 1999)).toBe(false)
    expect(nonces.isNew('b', 1600)).toBe(true)
  })

  it('are forgotten early when there are too many, the oldest first, and never the last hundred thousand', () => {
    const nonces = new SeenNonces(KEEP_MS)
    for (let i = 0; i < 350_000; i++) nonces.isNew(`n${i}`, 1)
    expect(nonces.isNew('n349999', 2)).toBe(false)
    expect(nonces.isNew('n250000', 2)).toBe(false)
    expect(nonces.isNew('n0', 2)).toBe(true)
  })
})
