import { expect, test } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import { type Overrides, resolvePlan } from '../../../src/config/resolve-plan.ts'

const target = { start: { command: ['node', 'x.js'] } }
const whole = { id: 'rp-nonce-race', reason: 'Known.', until: '2030-02-28' }
const check = (attack: object) => checkConfig({ target, attack }, 'here')
const planned = (attack: object, overrides: Omit<Overrides, 'mode'> = {}) =>
  resolvePlan(check(attack), { mode: 'attack', ...overrides }, 'run-1').attack

test('suppressions, bar and severities of the configuration land in the plan', () => {
  const attack = { suppress: [{ ...whole, owner: 'team' }], failOn: 'high', severities: ['high', 'critical'] } as const
  expect(planned(attack)).toMatchObject(attack)
  expect(Object.keys(planned({}) ?? {})).not.toContain('suppress')
})

test.each([
  ['has no reason', { id: 'a', until: '2030-01-01' }, 'attack.suppress[0].reason'],
  ['has a blank reason', { ...whole, reason: ' \n' }, 'a reason in words is wanted'],
  ['has no date', { id: 'a', reason: 'x' }, 'attack.suppress[0].until'],
  ['has a day that is none', { ...whole, until: '2030-02-30' }, 'a day as YYYY-MM-DD is wanted'],
  ['has a time', { ...whole, until: '2030-02-03T00:00:00Z' }, 'a day as YYYY-MM-DD is wanted'],
  ['names a path', { ...whole, id: '../x' }, 'the id of a finding'],
  ['mistypes a key', { ...whole, untl: 'x' }, 'attack.suppress[0].untl'],
])('a suppression that %s is refused', (_what, suppression, sentence) => {
  expect(() => check({ suppress: [suppression] })).toThrow(sentence)
})

test('one id has one suppression', () => {
  expect(() => check({ suppress: [whole, { ...whole, until: '2031-01-01' }] })).toThrow('an id stands there twice')
})

test('a mistyped severity is told with the nearest', () => {
  expect(() => check({ failOn: 'hgh' })).toThrow('"hgh" is none of')
})

test('the command line’s bar and severities win; a part of a family is not held to the family’s budget', () => {
  expect(planned({ failOn: 'low', severities: ['low'] }, { failOn: 'critical', severities: ['high'] })).toMatchObject({
    failOn: 'critical',
    severities: ['high'],
  })
  const config = checkConfig({ target, budgets: [{ kind: 'attacks', family: 'replay' }] }, 'here')
  expect(resolvePlan(config, { mode: 'attack', severities: ['high'] }, 'r').budgets).toEqual([])
  expect(resolvePlan(config, { mode: 'attack', failOn: 'high' }, 'r').budgets).toHaveLength(1)
})
