import { expect, test } from 'vitest'
import { HarnessError } from '../../../src/contract/errors.ts'
import { fillPlaceholders } from '../../../src/world/placeholders.ts'
import { fillVars } from '../../../src/world/vars.ts'

const values = { port: '8080', 'mocks.CMCC_URL': 'http://127.0.0.1:1', 'vars.secret': 's{port}' }

test('every known name is filled in, wherever it stands', () => {
  expect(fillPlaceholders('-p {port} {mocks.CMCC_URL}/{port}', values, 'here')).toBe('-p 8080 http://127.0.0.1:1/8080')
})

test('what a value holds is not filled in again', () => {
  expect(fillPlaceholders('{vars.secret}', values, 'here')).toBe('s{port}')
})

test('braces that hold no name are text', () => {
  expect(fillPlaceholders('{"a":1} {} { port }', values, 'here')).toBe('{"a":1} {} { port }')
})

test('an unknown name is a configuration error that lists the known ones', () => {
  expect(() => fillPlaceholders('{prot}', values, 'target.start.command')).toThrow(
    'target.start.command: nothing is known as {prot}',
  )
  try {
    fillPlaceholders('{prot}', values, 'here')
  } catch (error) {
    expect(error).toBeInstanceOf(HarnessError)
    expect((error as HarnessError).code).toBe('CONFIG')
    expect((error as HarnessError).hint).toBe('known: mocks.CMCC_URL, port, vars.secret')
  }
})

test('names that every object has are as unknown as others', () => {
  expect(() => fillPlaceholders('{constructor}', values, 'here')).toThrow('nothing is known as {constructor}')
})

test('{random} becomes a fresh secret each time; other values stay as they are', () => {
  const [a, b] = [1, 2].map(() => fillVars({ secret: '{random}', name: 'x {random}' }))
  expect(a?.secret).toMatch(/^[0-9a-f]{48}$/)
  expect(a?.secret).not.toBe(b?.secret)
  expect(a?.name).toBe('x {random}')
})
