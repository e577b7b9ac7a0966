import { describe, expect, it } from 'vitest'
import { freshSource } from '../../../src/lab/source-address.ts'

describe('an address of one’s own', () => {
  it.each(['http://192.0.2.7:80', 'http://target.example', 'http://[::1]:80'])('is not made up for %s', async url => {
    expect(await freshSource(url)).toBeUndefined()
  })

  it('differs from lab to lab where all of 127/8 is this machine', async () => {
    const two = [await freshSource('http://127.0.0.1:80'), await freshSource('http://localhost:80/base')]
    if (two.includes(undefined)) return expect(process.platform).not.toBe('linux')
    expect(two[0]).not.toBe(two[1])
    for (const address of two) expect(address).toMatch(/^127\.[1-9]\d*\.\d+\.[1-9]\d*$/)
  })
})
