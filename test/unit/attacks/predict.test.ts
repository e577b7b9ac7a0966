import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nextValues } from '../../../attacks/kit/predict.ts'

const count = (n: number, write: (i: number) => string): string[] => Array.from({ length: n }, (_, i) => write(i))

describe('foretelling', () => {
  it('continues a counter, whatever it is written in', () => {
    expect(nextValues(count(8, i => String(1000 + i)))?.candidates[0]).toBe('1008')
    expect(nextValues(count(8, i => (0xabc0 + i * 16).toString(16)))?.candidates[0]).toBe('ac40')
    const base64 = (value: number): string => {
      const bytes = Buffer.alloc(16)
      bytes.writeUInt32BE(value, 12)
      return bytes.toString('base64url')
    }
    expect(nextValues(count(8, i => base64(7 + i)))?.candidates[0]).toBe(base64(15))
  })

  it('bridges gaps left by others, in the counter’s own steps', () => {
    const foretold = nextValues(['1000', '1004', '1010', '1012', '1020'])
    expect(foretold?.candidates.slice(0, 3)).toEqual(['1022', '1024', '1026'])
  })

  it('finds nothing in what is random, nor in the digest of a counter', () => {
    for (let round = 0; round < 50; round++) {
      expect(nextValues(count(32, () => randomBytes(16).toString('base64url')))).toBeUndefined()
      expect(nextValues(count(32, () => randomBytes(16).toString('hex')))).toBeUndefined()
    }
    expect(nextValues(count(32, i => createHash('md5').update(String(i)).digest('hex')))).toBeUndefined()
  })
})
