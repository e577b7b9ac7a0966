import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { firstPassword, newPassword, passwordLogin } from '../kit/account.ts'
import { median } from '../kit/bound.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { signIn } from '../kit/sign-in.ts'
import { LEAST_DIFFERENCE_MS, readTiming } from '../kit/timing.ts'

type Timed = { exchange: number; status: number; ms: number }
type Observation = {
  ready: boolean
  /** Wrong passwords for two accounts and for numbers without one, taken in turn. */
  one: Timed[]
  other: Timed[]
  nobody: Timed[]
}

const TURNS = 10
export default defineAttack<Observation>({
  meta: {
    id: 'lk-enum-timing',
    family: 'leaks',
    title: 'Whether a number has an account, by time',
    about:
      'Times the refusal of wrong passwords for numbers with and without an account, in turn. If one class is answered sooner, the password is only worked on when there is an account, and whoever has a clock knows who is a customer.',
    severity: 'medium',
    cwe: [208],
    asvs: ['6.3.8', '11.2.4'],
    api2023: ['API2'],
    has: 'a list of numbers and a clock',
    needs: ['oneTap', 'me', 'passwordLogin', 'passwordChange'],
    notices: ['uniform-answers=enum-early-exit'],
    alone: true,
  },

  async observe(lab) {
    const one = await withPassword(lab)
    const other = await withPassword(lab)
    const observation: Observation = { ready: one !== undefined && other !== undefined, one: [], other: [], nobody: [] }
    if (one === undefined || other === undefined) return observation
    for (let turn = 0; turn < TURNS; turn++) {
      observation.one.push(await timed(lab, one))
      observation.nobody.push(await timed(lab, (await lab.handset()).sim.msisdn))
      observation.other.push(await timed(lab, other))
    }
    return observation
  },

  judge({ ready, one, other, nobody }): Judgement {
    if (!ready) return inconclusive('No accounts with a password could be made.')
    const all = [...one, ...other, ...nobody]
    if (all.some(({ status }) => status === 0 || status === 429 || status >= 500))
      return inconclusive('Some answers were those of a limiter or an outage.')
    const ms = (timings: readonly Timed[]): number[] => timings.map(timing => timing.ms)
    const known = ms([...one, ...other])
    const { state, differenceMs, noiseMs, apart } = readTiming(ms(one), ms(other), ms(nobody))
    if (state === 'noisy') return inconclusive('The two classes differ, but two accounts do so already: too noisy to tell.')
    if (state === 'apart')
      return fail(
        `Wrong passwords for numbers with an account are refused ${Math.abs(Math.round(differenceMs))} ms ${differenceMs > 0 ? 'later' : 'sooner'} than for numbers without.`,
        'disclosure',
        `In ${Math.round(apart * 100)} % of all pairs the same class was slower; two accounts compared alike differ by half of that at most.`,
        {
          exchanges: all.map(({ exchange }) => exchange),
          expected: 'the same time for both',
          observed: `median ${median(known).toFixed(1)} ms and ${median(ms(nobody)).toFixed(1)} ms`,
        },
      )
    const seenMs = Math.round(Math.max(LEAST_DIFFERENCE_MS, noiseMs))
    return pass(
      `Numbers with and without an account are refused in the same time: ${median(known).toFixed(1)} ms and ${median(ms(nobody)).toFixed(1)} ms; less than ${seenMs} ms would not have been seen.`,
    )
  },
})

async function timed(lab: Lab, identifier: string): Promise<Timed> {
  const { id, status, durationMs } = await lab.send('passwordLogin', { identifier, password: newPassword(lab) })
  return { exchange: id, status, ms: durationMs }
}

async function withPassword(lab: Lab): Promise<string | undefined> {
  const phone = await lab.handset()
  const { account, credential } = await signIn(lab, phone)
  if (credential === null) return undefined
  const password = newPassword(lab)
  await firstPassword(lab, phone, credential, password)
  const { msisdn } = phone.sim
  return (await passwordLogin(lab, msisdn, password)).account === account ? msisdn : undefined
}
