import { describe, expect, it } from 'vitest'
import json, { parseResult } from '../../../reports/json.ts'
import { judge } from '../../../src/judge/judge.ts'
import { ledgerOf, planOf } from '../judge/evidence-builder.ts'

describe('the JSON report', () => {
  const result = judge(ledgerOf(), planOf(), [])

  it('reads back as the same document and writes the same bytes again', () => {
    const text = json.render(result)
    expect(parseResult(text)).toEqual(result)
    expect(json.render(parseResult(text))).toBe(text)
  })
  it('is JSON whatever strings it holds', () => {
    const hostile = { ...result, name: '"],\n[1,2]\u2028\ud800</script>', notes: ['[1,\n2]'] }
    expect(parseResult(json.render(hostile))).toMatchObject({ name: hostile.name, notes: hostile.notes })
  })
  it('refuses documents of another major version or of none', () => {
    expect(() => parseResult(JSON.stringify({ ...result, schemaVersion: '2.0.0' }))).toThrow('schemaVersion: 2.0.0')
    expect(() => parseResult('[]')).toThrow('schemaVersion: none')
  })
})
