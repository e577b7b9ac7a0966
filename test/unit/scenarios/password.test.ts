import { describe, expect, it } from 'vitest'
import password, { passwordOf } from '../../../scenarios/password.ts'
import { opsOf, visitWith, walk } from './walk.ts'

describe('a login by password', () => {
  it('is by the password that was set before the load', () => {
    const visit = visitWith(['nonce', 'oneTap', 'reauth', 'passwordChange', 'passwordLogin', 'me'])
    const before = walk(password.prepare!(visit))
    expect(opsOf(before)).toEqual(['nonce', 'oneTap', 'nonce', 'reauth', 'passwordChange'])
    expect(before.at(-1)?.input).toEqual({ credential: 'c-1', newPassword: passwordOf(visit), ticket: 't-1' })
    const [login, me] = walk(password.flow(visit))
    expect(login?.input).toMatchObject({ password: passwordOf(visit) })
    expect(me?.input).toEqual({ credential: 'c-2' })
  })

  it('needs no ticket where the target knows none', () => {
    const visit = visitWith(['oneTap', 'passwordChange', 'passwordLogin'])
    expect(walk(password.prepare!(visit)).at(-1)?.input).toEqual({ credential: 'c-1', newPassword: passwordOf(visit) })
  })
})
