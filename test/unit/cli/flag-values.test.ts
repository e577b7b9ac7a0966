import { expect, test } from 'vitest'
import { severities } from '../../../src/cli/flag-values.ts'

test.each([
  ['high,critical', ['critical', 'high']],
  [' low , low ', ['low']],
  ['>=high', ['critical', 'high']],
  ['>= info', ['critical', 'high', 'medium', 'low', 'info']],
])('%j names severities, each once and worst first', (text, named) => {
  expect(severities(text)).toEqual(named)
})

test('given twice, both hold', () => {
  expect(severities('low', severities('>=critical'))).toEqual(['critical', 'low'])
})

test.each(['', 'severe', 'high,', '>high', '<=high', '>=', 'HIGH'])('%j is refused', text => {
  expect(() => severities(text)).toThrow('is wanted')
})
