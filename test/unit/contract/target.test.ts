import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineTarget, jsonBody, OPERATION_IDS, type Reply, textField } from '../../../src/contract/target.ts'

const reply = (body: unknown): Reply => ({ status: 200, body, headers: {} })

describe('reading a reply body', () => {
  it('gives the fields of a JSON object', () => {
    expect(jsonBody(reply('{"a":1,"b":{"c":"d"}}'))).toEqual({ a: 1, b: { c: 'd' } })
  })

  it.each([null, undefined, 7, '', '<html>', '{"a":', '[1]', '"text"', 'null', '7'])(
    'gives an empty object for what is no JSON object: %j',
    body => {
      expect(jsonBody(reply(body))).toEqual({})
    },
  )

  it('never throws, whatever a target sends', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.json()), body => {
        expect(typeof jsonBody(reply(body))).toBe('object')
      }),
    )
  })

  it('takes a text field only when it is text and not empty', () => {
    const body = { tokenA: 'abc', empty: '', count: 5, nothing: null }
    expect(textField(body, 'tokenA')).toBe('abc')
    for (const key of ['empty', 'count', 'nothing', 'absent']) expect(textField(body, key), key).toBeUndefined()
    for (const holder of [null, undefined, 'tokenA', 5]) expect(textField(holder, 'tokenA')).toBeUndefined()
  })
})

describe('a target', () => {
  it('may leave out every operation', () => {
    expect(defineTarget({ name: 'bare', operations: {} })).toEqual({ name: 'bare', operations: {} })
  })

  it('knows each operation once, those of the one-tap login first', () => {
    expect(OPERATION_IDS.slice(0, 5)).toEqual(['nonce', 'oneTap', 'me', 'logout', 'rebind'])
    expect(new Set(OPERATION_IDS).size).toBe(OPERATION_IDS.length)
  })
})
