import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { count, fail, inconclusive } from '../kit/judging.ts'
import { type Meeting, meetingOf, met, passRaced, raceBound, raceOn } from '../kit/racing.ts'

type Burst = Meeting & { exchanges: number[]; granted: number; arrived: number }
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
    if (serial === null || serial >= width) return { serial, width, bursts: [] }
    const bursts = await raceOn(lab.limits, () => burst(lab, width), {
      isHit: ({ arrived }) => arrived > serial,
      couldShow,
      atMost: MOST_BURSTS,
    })
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
    const shown = bursts.filter(couldShow)
    if (shown.length === 0)
      return inconclusive('No burst arrived together and got a message through, so that none got too many shows nothing.')
    return passRaced([raceBound(`message beyond the limit of ${serial}`, shown, width)])
  },
})

function couldShow(burst: Burst): boolean {
  return burst.granted > 0 && met(burst)
}

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
  const raced = await lab.race('smsSend', inputs)
  const { exchanges } = raced
  const granted = exchanges.filter(({ reading }) => reading.kind === 'granted').length
  return { ...meetingOf(raced), exchanges: exchanges.map(({ id }) => id), granted, arrived: (await lab.messages(msisdn)).length }
}
