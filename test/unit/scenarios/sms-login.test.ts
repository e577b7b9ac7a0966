import { describe, expect, it } from 'vitest'
import smsLogin from '../../../scenarios/sms-login.ts'
import { opsOf, visitWith, walk } from './walk.ts'

const visit = visitWith(['smsSend', 'smsLogin', 'me'])

describe('a login by text message', () => {
  it('types the code that the phone shows', () => {
    const steps = walk(smsLogin.flow(visit))
    expect(opsOf(steps)).toEqual(['smsSend', 'readSms', 'smsLogin', 'me'])
    expect(steps[2]?.input).toMatchObject({ code: '123456' })
  })

  it('guesses nothing when no message came', () => {
    expect(opsOf(walk(smsLogin.flow(visit), { readSms: { kind: 'failed', reason: 'none' } }))).toEqual(['smsSend', 'readSms'])
  })
})
