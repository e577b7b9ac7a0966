import { describe, expect, it } from 'vitest'
import { placeOf, withFields, withHeaders, withQuery } from '../../../attacks/kit/tamper.ts'
import type { CraftedRequest } from '../../../src/contract/attack.ts'

const request: CraftedRequest = {
  method: 'POST',
  path: '/login',
  headers: { 'Content-Type': 'application/json' },
  body: '{"a":1}',
}

describe('tampering', () => {
  it('adds fields to JSON and to forms, never over those that are there', () => {
    expect(withFields({ a: 2, b: { c: 'd' } })(request).body).toBe('{"a":1,"b":{"c":"d"}}')
    expect(withFields({ b: 'x y' })({ ...request, body: 'a=1' }).body).toBe('a=1&b=x%20y')
    expect(withFields({ b: 'x' })({ ...request, body: '<xml/>' }).body).toBe('<xml/>')
  })

  it('adds words to the query, whether there is one or not', () => {
    expect(withQuery({ a: '1' })(request).path).toBe('/login?a=1')
    expect(withQuery({ a: '1&2' })({ ...request, path: '/login?x=y' }).path).toBe('/login?x=y&a=1%262')
  })

  it('replaces headers whatever their case', () => {
    expect(withHeaders({ 'content-type': 'text/plain' })(request).headers).toEqual({ 'content-type': 'text/plain' })
  })

  it('finds where a text stands', () => {
    expect(placeOf({ auth: { token: 'abc' } }, 'abc')).toEqual(['auth', 'token'])
    expect(placeOf({ auth: { token: 'abc' } }, 'xyz')).toBeUndefined()
  })
})
