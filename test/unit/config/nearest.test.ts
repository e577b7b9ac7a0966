import { expect, test } from 'vitest'
import { nearest } from '../../../src/config/nearest.ts'

test.each([
  ['laod', 'load'],
  ['LOAD', 'load'],
  ['lod', 'load'],
  ['attacks', 'attack'],
  ['moks', 'mocks'],
])('%s is taken for %s', (typed, meant) => {
  expect(nearest(typed, ['load', 'attack', 'mocks', 'target'])).toBe(meant)
})

test('a word far from all is taken for none', () => {
  expect(nearest('zebra', ['load', 'attack'])).toBeUndefined()
  expect(nearest('x', [])).toBeUndefined()
})
