import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { boundAfterCleanRounds } from '../kit/bound.ts'
import { count, fail, inconclusive, pass } from '../kit/judging.ts'

type Burst = { exchanges: number[]; granted: number; arrived: number }
type Observation = {
  /** Messages one number gets when they are asked for one after the other; null when no end came. */
  serial: number | null
  width: number
  bursts: Burst[]
}

const MOST_SERIAL = 8
const MOST_WIDTH = 10
const MOST_BURSTS = 8

export default defineAttack<Observation>({
  meta: {
    id: 'rl-race',
    family: 'rate-limit',
    title: 'Limit passed by a burst',
    about:
      'Finds how many messages one number gets one after the other, then asks for many in the same instant. More than that means that the limit is read before it is written: it bounds the patient and not the quick.',
    severity: 'high',
    cwe: [367],
    asvs: ['15.4.2', '2.4.1'],
    api2023: ['API4'],
    has: 'a number to be bothered, or paid for',
    needs: ['oneTap', 'me', 'smsSend'],
    notices: ['limit-counting=limit-racy'],
    alone: true,
  },

  async observe(lab) {
    const serial = await oneAfterTheOther(lab)
    const width = Math.min(lab.limits.raceWidth, MOST_WIDTH)
    const bursts: Burst[] = []
    if (serial === null || serial >= width) return { serial, width, bursts }
    const rounds = Math.min(lab.limits.raceRounds, MOST_BURSTS)
    while (bursts.length < rounds && !bursts.some(({ arrived }) => arrived > serial)) bursts.push(await burst(lab, width))
    return { serial, width, bursts }
  },

  judge({ serial, width, bursts }): Judgement {
    if (serial === null) return inconclusive(`No limit was met: one number got ${MOST_SERIAL} messages one after the other.`)
    if (serial === 0) return inconclusive('No message could be had at all.')
    if (bursts.length === 0) return inconclusive(`A burst of ${width} is no wider than the limit of ${serial}.`)
    const over = bursts.find(({ arrived }) => arrived > serial)
    if (over !== undefined)
      return fail(
        `A burst of ${width} brought one number ${count(over.arrived, 'message')}, where ${serial} is the limit.`,
        'side-effect',
        'The messages arrived on the phone.',
        {
          exchanges: over.exchanges,
          expected: count(serial, 'message'),
          observed: count(over.arrived, 'message'),
        },
      )
    const shown = bursts.filter(({ granted }) => granted > 0).length
    if (shown === 0) return inconclusive('No burst got a single message through, so that none got too many shows nothing.')
    const bound = Math.ceil(boundAfterCleanRounds(shown) * 100)
    return pass(
      `No burst of ${width} brought a number more than ${count(serial, 'message')}, ${shown} times: below ${bound} % per burst at 95 % confidence.`,
    )
  },
})

async function oneAfterTheOther(lab: Lab): Promise<number | null> {
  const { msisdn } = (await lab.handset()).sim
  for (let sent = 0; sent < MOST_SERIAL; sent++) {
    const { reading } = await lab.send('smsSend', { number: msisdn, purpose: 'login' })
    if (reading.kind === 'refused') return sent
    if (reading.kind === 'failed') return 0
  }
  return null
}

async function burst(lab: Lab, width: number): Promise<Burst> {
  const { msisdn } = (await lab.handset()).sim
  const inputs = Array.from({ length: width }, () => ({ number: msisdn, purpose: 'login' as const }))
  const { exchanges } = await lab.race('smsSend', inputs)
  const granted = exchanges.filter(({ reading }) => reading.kind === 'granted').length
  return { exchanges: exchanges.map(({ id }) => id), granted, arrived: (await lab.messages(msisdn)).length }
}
