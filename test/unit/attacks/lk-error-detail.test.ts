import { describe, expect, it } from 'vitest'
import { insideOf } from '../../../attacks/kit/inside-words.ts'
import attack from '../../../attacks/leaks/lk-error-detail.ts'
import { expectFail } from './observed.ts'

const provoked = { how: 'no body', exchange: 3, status: 400, length: 80, found: [] as string[] }

describe('lk-error-detail', () => {
  it('fails when an answer told of the inside', () => {
    expectFail(attack.judge({ provoked: [provoked, { ...provoked, found: ['a stack trace'] }] }), 'disclosure')
  })

  it('passes when none did', () => {
    expect(attack.judge({ provoked: [provoked, { ...provoked, status: 500 }] }).outcome).toBe('pass')
  })

  it('is inconclusive when most requests got no answer', () => {
    const silent = { ...provoked, status: 0, length: 0 }
    expect(attack.judge({ provoked: [provoked, silent, silent] }).outcome).toBe('inconclusive')
  })
})

describe('the inside of a program', () => {
  it.each([
    ['a trace of Node', 'TypeError: x\n    at Object.read (file:///srv/app/flows/login.ts:12:7)'],
    ['one inside JSON', '{"message":"TypeError: x\\n    at read (/srv/login.js:12:7)"}'],
    ['one of Java', '{"trace":"at com.example.Login.read(Login.java:42)"}'],
    ['one of Python', 'Traceback (most recent call last):'],
    ['a statement', 'near "x": SELECT id FROM users WHERE name = ?'],
    ['an error of SQLite', '{"code":"SQLITE_ERROR"}'],
    ['an address', 'connect ECONNREFUSED 10.0.0.7:5432'],
  ])('is seen in %s', (_, text) => {
    expect(insideOf(text)).not.toEqual([])
  })

  it.each([
    '{"error":{"code":"BODY_MALFORMED","message":"The field token is missing or not of the right shape."}}',
    '{"message":"Look at the time: 12:30. Select a login and update your app, from the store."}',
    'Content-Type: application/json\nDate: Tue, 24 Nov 2026 22:00:01 GMT\n\n{"expiresAt":"at 10:20:30"}',
  ])('is not in %j', text => {
    expect(insideOf(text)).toEqual([])
  })
})
