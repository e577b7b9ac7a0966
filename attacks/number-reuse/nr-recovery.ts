import { defineAttack, type Handset, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { codeFor } from '../kit/codes.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { bindPhone } from '../kit/second-phone.ts'
import { signIn } from '../kit/sign-in.ts'

type Try = { exchange: number; status: number; granted: boolean }

type Observation = {
  /** The former owner's account, which keeps a second number. Null when it could not be set up. */
  former: string | null
  noticeAccepted: boolean
  /** The new owner resets the password by a code to the number. */
  reset: Try | null
  /** A login by the former owner's other number and the new owner's password. */
  login: (Try & { account: string | null }) | null
  /** Somebody who still holds a number resets their own password and logs in with it. */
  control: boolean
}

/** Long, and of no dictionary. */
const NEW_PASSWORD = 'Zq7-reissued-number-41'

export default defineAttack<Observation>({
  meta: {
    id: 'nr-recovery',
    family: 'number-reuse',
    title: 'Password reset through a reissued number',
    about:
      'The former owner keeps another way into the account; the new owner of the number has a reset code sent to it and sets a password. Entering with it means that the number no longer logs in, but still hands over the account.',
    severity: 'critical',
    cwe: [640, 672],
    asvs: ['6.4.3'],
    api2023: ['API2'],
    has: 'lawful possession of a number that once belonged to somebody else',
    needs: ['oneTap', 'me', 'rebind', 'bind', 'smsSend', 'passwordReset', 'passwordLogin'],
    notices: ['recovery-cut=recovery-keeps-number'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const second = await lab.handset()
    const former = await signIn(lab, phone)
    const none = { former: null, noticeAccepted: false, reset: null, login: null, control: false }
    if (former.credential === null || !(await bindPhone(lab, former.credential, phone, second))) return none
    const moved = await lab.life('reissued', phone)
    const told = await lab.rebind(moved.notice)
    const reset = await resetBy(lab, phone)
    const login = await passwordLogin(lab, second)
    const control = await ownReset(lab)
    return { former: former.account, noticeAccepted: told.reading.kind === 'granted', reset, login, control }
  },

  judge({ former, noticeAccepted, reset, login, control }): Judgement {
    if (former === null || reset === null || login === null)
      return inconclusive('An account with two numbers could not be set up, or no code came.')
    if (!noticeAccepted) return inconclusive('The target did not accept the carrier’s notice.')
    if (login.account === former)
      return fail(
        'The new owner of a reissued number set the password of the former owner’s account, and it opened.',
        'account-exposed',
        'A password set by a code to the reissued number opens the former owner’s account.',
        { exchanges: [reset.exchange, login.exchange], expected: 'no way to the former owner’s account', observed: 'it opened' },
      )
    if (login.account !== null) return inconclusive('The login after the reset led to a third account.')
    if (!control) return inconclusive('The reset did nothing, but neither did one by somebody who still holds a number.')
    return pass(
      'A code to the reissued number did not reset the former owner’s password; who still holds a number can reset their own.',
    )
  },
})

async function resetBy(lab: Lab, { sim: { msisdn } }: Handset): Promise<Try | null> {
  const code = await codeFor(lab, msisdn, 'reset')
  if (code === undefined) return null
  const { id, status, reading } = await lab.send('passwordReset', { number: msisdn, code, newPassword: NEW_PASSWORD })
  return { exchange: id, status, granted: reading.kind === 'granted' }
}

async function passwordLogin(lab: Lab, { sim: { msisdn } }: Handset) {
  const exchange = await lab.send('passwordLogin', { identifier: msisdn, password: NEW_PASSWORD })
  const got = await lab.possess(exchange)
  return {
    exchange: exchange.id,
    status: exchange.status,
    granted: exchange.reading.kind === 'granted',
    account: got?.account ?? null,
  }
}

async function ownReset(lab: Lab): Promise<boolean> {
  const phone = await lab.handset()
  const own = await signIn(lab, phone)
  const reset = await resetBy(lab, phone)
  if (own.account === null || reset === null || !reset.granted) return false
  return (await passwordLogin(lab, phone)).account === own.account
}
