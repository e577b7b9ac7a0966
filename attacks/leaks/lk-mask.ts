import { defineAttack, type Exchange, type Judgement } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { masksOf } from '../kit/number-mask.ts'
import { enter } from '../kit/sign-in.ts'

type Shown = { reply: string; exchange: number; length: number; masks: string[] }
type Observation = { account: string | null; shown: Shown[] }

/** As on the carriers' own pages: the middle four. */
const LEAST_HIDDEN = 4
const DIGITS = 11

export default defineAttack<Observation>({
  meta: {
    id: 'lk-mask',
    family: 'leaks',
    title: 'Masks that together show the number',
    about:
      'Collects every masked form of one number that replies show and lays them over each other. Each page hides four digits; if each hides others, whoever looks at two of them has the number.',
    severity: 'medium',
    cwe: [359],
    asvs: ['14.2.6'],
    api2023: ['API3'],
    has: "a look at the victim's pages, or a session",
    needs: ['oneTap', 'me'],
    notices: ['number-masked=thin-mask', 'number-masked=full-number-out'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const shown: Shown[] = []
    const look = (reply: string, exchange: Exchange): void => {
      const text = lab.textOf(exchange)
      shown.push({ reply, exchange: exchange.id, length: text.length, masks: masksOf(text, phone.sim.msisdn) })
    }
    const { account, credential } = await enter(lab, async () => {
      const exchange = await lab.login(phone)
      look('login', exchange)
      return exchange
    })
    if (credential === null) return { account, shown }
    look('profile', await lab.me({ credential }))
    if (lab.has('identityList')) look('identities', await lab.send('identityList', { credential }))
    if (lab.has('profileChange'))
      look('profile change', await lab.send('profileChange', { credential, fields: { nickname: 'looker' } }))
    if (!shown.some(({ masks }) => masks.length > 0)) return { notApplicable: 'no reply shows the number, masked or not' }
    return { account, shown }
  },

  judge({ account, shown }): Judgement {
    const seen = shown.filter(({ masks }) => masks.length > 0)
    const revealed = new Set(seen.flatMap(({ masks }) => masks.flatMap(positions)))
    const hidden = DIGITS - revealed.size
    const forms = new Set(seen.flatMap(({ masks }) => masks.map(shapeOf)))
    if (hidden < LEAST_HIDDEN)
      return fail(
        `The forms in which the number is shown hide ${hidden} of its digits together.`,
        'disclosure',
        `Laid over each other, ${[...forms].join(' and ')} leave ${hidden} digits to guess.`,
        {
          exchanges: seen.map(({ exchange }) => exchange),
          expected: `the same ${LEAST_HIDDEN} digits hidden everywhere`,
          observed: `${10 ** hidden} numbers left`,
        },
      )
    if (account === null || shown.some(({ length }) => length === 0)) return inconclusive('Some pages could not be looked at.')
    return pass(
      `All masks together hide ${hidden} digits (${[...forms].join(', ')} in ${seen.map(({ reply }) => reply).join(', ')}).`,
    )
  },
})

/** Positions at which a mask shows its digit. */
function positions(mask: string): number[] {
  return [...mask].flatMap((character, at) => (/\d/.test(character) ? [at] : []))
}

/** The mask without its digits: evidence needs none of them. */
function shapeOf(mask: string): string {
  return mask.replaceAll(/\d/g, '#')
}
