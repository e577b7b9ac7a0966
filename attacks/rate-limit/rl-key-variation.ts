import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { type Step, stepOf } from '../kit/account.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { spellings } from '../kit/spell-number.ts'

/** A request after the limit was met, and how many messages had reached the phone by then. */
type Asked = { spelling: string; step: Step; arrived: number }
type Observation = { limit: number | null; again: Asked | null; spelled: Asked[] }

const MOST_SERIAL = 8

export default defineAttack<Observation>({
  meta: {
    id: 'rl-key-variation',
    family: 'rate-limit',
    title: 'Limit on a number passed by its spellings',
    about:
      'Has messages sent to a number until it is limited, then to the same number with a country code, spaces or full-width digits. A message more means that each spelling has a budget of its own, and the same phone rings.',
    severity: 'medium',
    cwe: [799, 180],
    asvs: ['2.4.1'],
    api2023: ['API4'],
    has: 'a number to be bothered, or paid for',
    needs: ['oneTap', 'me', 'smsSend'],
    notices: ['limit-key=raw-limit-key', 'number-canonical=raw-phone-key'],
  },

  async observe(lab) {
    const { msisdn } = (await lab.handset()).sim
    let limit: number | null = null
    for (let sent = 0; sent < MOST_SERIAL && limit === null; sent++) {
      const { step } = await ask(lab, msisdn, 'as it is', msisdn)
      if (step.reading === 'refused') limit = sent
      else if (step.reading !== 'granted') break
    }
    if (limit === null) return { limit, again: null, spelled: [] }
    const spelled: Asked[] = []
    for (const { name, write } of spellings.filter(({ same }) => same))
      spelled.push(await ask(lab, msisdn, name, write(msisdn, '')))
    return { limit, again: await ask(lab, msisdn, 'as it is', msisdn), spelled }
  },

  judge({ limit, again, spelled }): Judgement {
    if (limit === null || again === null) return inconclusive(`No limit on a number was met in ${MOST_SERIAL} messages.`)
    if (limit === 0) return inconclusive('No message could be had at all.')
    if (again.step.reading !== 'refused')
      return inconclusive('The limit let go by itself, so what a spelling does cannot be told.')
    const over = spelled.filter(({ step, arrived }) => step.reading === 'granted' && arrived > limit)
    const [first] = over
    if (first !== undefined)
      return fail(
        `Another spelling of a limited number had a budget of its own (${first.spelling}).`,
        'side-effect',
        'The number had been refused, and under the other spelling a message more arrived on the same phone.',
        {
          exchanges: [again.step.exchange, ...over.map(({ step }) => step.exchange)],
          expected: 'refused as before',
          observed: `${over.length} spellings got through`,
        },
      )
    const unclear = spelled.filter(({ step }) => step.reading !== 'refused')
    if (unclear.length > 0)
      return inconclusive(`Not every spelling was plainly refused (${unclear.map(({ spelling }) => spelling).join(', ')}).`)
    return pass(`A number that was limited after ${limit} stayed so in ${spelled.length} other spellings.`)
  },
})

async function ask(lab: Lab, msisdn: string, spelling: string, number: string): Promise<Asked> {
  const exchange = await lab.send('smsSend', { number, purpose: 'login' })
  return { spelling, step: stepOf(exchange), arrived: (await lab.messages(msisdn)).length }
}
