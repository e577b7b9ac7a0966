import { defineAttack, type Exchange, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { codeFor, smsLogin } from '../kit/account.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf } from '../kit/sign-in.ts'

type Guessed = {
  how: 'one after the other' | 'at once'
  guesses: number
  /** Guesses refused in the words of an honest wrong code. A limiter's answer is no look at the code. */
  checked: number
  /** The right code, after all wrong ones. */
  login: Login
}
type Observation = {
  /** The right code at once, and after one wrong guess. */
  honest: Login[]
  guessed: Guessed[]
}

/** Four times what documents ask for (five): a target that allows a few more is not accused. */
const WRONG_GUESSES = 20
/** Twice what documents ask for: so many must have been held against the code before it may be said that it bears guessing. */
const ENOUGH_CHECKED = 10

export default defineAttack<Observation>({
  meta: {
    id: 'at-otp-bruteforce',
    family: 'account-takeover',
    title: 'Code guessed again and again',
    about:
      'Guesses a code wrongly twenty times, one after the other and in the same instant, then presents the right one. If that still works, six digits are no secret: whoever goes on guessing gets in.',
    severity: 'critical',
    cwe: [307, 799],
    asvs: ['6.6.3', '6.5.4'],
    api2023: ['API2', 'API4'],
    has: "the victim's number",
    needs: ['oneTap', 'me', 'smsSend', 'smsLogin'],
    notices: ['code-vault=otp-unlimited'],
    mayNotice: ['code-vault=sms-code-reusable', 'code-vault=sms-code-no-ttl-or-racy', 'code-vault=code-not-bound'],
    alone: true,
  },

  async observe(lab) {
    const honest: Login[] = []
    let wrong: string | undefined
    for (const wrongFirst of [false, true]) {
      const { msisdn } = (await lab.handset()).sim
      const { code } = await codeFor(lab, msisdn)
      if (code === undefined) return { honest, guessed: [] }
      if (wrongFirst) wrong = wording(await lab.send('smsLogin', { number: msisdn, code: wrongCode(lab, code) }))
      honest.push(loginOf(await smsLogin(lab, msisdn, code)))
    }
    const guessed: Guessed[] = []
    for (const how of ['one after the other', 'at once'] as const) {
      const { msisdn } = (await lab.handset()).sim
      const { code } = await codeFor(lab, msisdn)
      if (code === undefined) continue
      const inputs = Array.from({ length: WRONG_GUESSES }, () => ({ number: msisdn, code: wrongCode(lab, code) }))
      const answers: Exchange[] = []
      if (how === 'at once') answers.push(...(await lab.race('smsLogin', inputs)).exchanges)
      else for (const input of inputs) answers.push(await lab.send('smsLogin', input))
      const checked = answers.filter(answer => wording(answer) === wrong).length
      guessed.push({ how, guesses: WRONG_GUESSES, checked, login: loginOf(await smsLogin(lab, msisdn, code)) })
    }
    return { honest, guessed }
  },

  judge({ honest, guessed }): Judgement {
    const open = guessed.filter(({ login }) => login.account !== null)
    const first = open.find(({ checked }) => checked >= ENOUGH_CHECKED)
    if (first !== undefined)
      return fail(
        `A code still logged in after ${first.checked} wrong guesses (${first.how}).`,
        'credential',
        'The right code, presented after all the wrong ones, opens an account.',
        {
          exchanges: open.map(({ login }) => login.exchange),
          expected: 'the code is dead after a handful of tries',
          observed: `alive after ${first.checked} guesses`,
        },
      )
    const [limited] = open
    if (limited !== undefined)
      return inconclusive(
        `Only ${limited.checked} of ${limited.guesses} wrong guesses reached the code (${limited.how}); a limiter answered the others, so its own bound was not seen.`,
      )
    if (honest.length === 0 || honest.some(({ account }) => account === null))
      return inconclusive('The right code does not log in at the first or second try either.')
    if (guessed.length === 0) return inconclusive('No code could be had to guess at.')
    const broken = guessed.find(({ login }) => login.reading === 'failed')
    if (broken !== undefined)
      return inconclusive(`The right code at the end got no clear answer (status ${broken.login.status}).`)
    return pass(`After ${WRONG_GUESSES} wrong guesses the right code was refused (${guessed.map(({ how }) => how).join(', ')}).`)
  },
})

/** By what a refusal is told from another: status and the target's own code. */
function wording({ status, reading }: Exchange): string {
  return `${status} ${reading.kind} ${reading.kind === 'refused' ? (reading.code ?? '') : ''}`
}

/** As long as the right one, and never it. */
function wrongCode(lab: Lab, right: string): string {
  for (;;) {
    const guess = lab.rng.text(right.length, '0123456789')
    if (guess !== right) return guess
  }
}
