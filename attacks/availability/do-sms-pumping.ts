import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'

type Volley = { asked: number; delivered: number; exchanges: number[] }

type Observation = {
  /** One number asked for again and again, each time from another address where that can be. */
  oneNumber: Volley
  /** Many numbers, from one address. */
  manyNumbers: Volley
  /** Somebody else, elsewhere, while it goes on: does their code come? */
  bystander: boolean
}

/** No vendor lets one number have more than ten a day (China Mobile's SMS assist [S4], Jiguang [S23]). */
const MOST_FOR_ONE_NUMBER = 10
const ASKED_FOR_ONE_NUMBER = 14
/** A household or an office behind one address, in the time of a breath. */
const MOST_FROM_ONE_ADDRESS = 100
const ASKED_FROM_ONE_ADDRESS = 112

export default defineAttack<Observation>({
  meta: {
    id: 'do-sms-pumping',
    family: 'availability',
    title: 'Text messages at the owner’s cost',
    about:
      'Asks for login codes for one number again and again, and for many numbers from one address. Unbounded messages are money for whoever owns the numbers, and a ringing phone for whoever does not.',
    severity: 'high',
    cwe: [799, 770],
    asvs: ['2.4.1', '6.6.3'],
    api2023: ['API6', 'API4'],
    has: 'network access to the public API',
    needs: ['oneTap', 'me', 'smsSend'],
    notices: ['sms-limits=sms-no-number-limit', 'sms-limits=sms-no-global-limit'],
  },

  async observe(lab) {
    const victim = (await lab.handset()).sim.msisdn
    const oneNumber = await volley(lab, Array<string>(ASKED_FOR_ONE_NUMBER).fill(victim), undefined)
    const numbers: string[] = []
    for (let i = 0; i < ASKED_FROM_ONE_ADDRESS; i++) numbers.push((await lab.handset()).sim.msisdn)
    const manyNumbers = await volley(lab, numbers, await lab.elsewhere())
    const other = (await lab.handset()).sim.msisdn
    const address = await lab.elsewhere()
    const { reading } = await lab.send('smsSend', { number: other, purpose: 'login' }, from(address))
    return { oneNumber, manyNumbers, bystander: reading.kind === 'granted' && (await delivered(lab, [other])) === 1 }
  },

  judge({ oneNumber, manyNumbers, bystander }): Judgement {
    if (oneNumber.delivered > MOST_FOR_ONE_NUMBER)
      return fail(
        `One number was sent ${oneNumber.delivered} messages in a row.`,
        'side-effect',
        'The SMS gateway’s journal shows them.',
        {
          exchanges: oneNumber.exchanges,
          expected: `at most ${MOST_FOR_ONE_NUMBER}`,
          observed: `${oneNumber.delivered} of ${oneNumber.asked}`,
        },
      )
    if (manyNumbers.delivered > MOST_FROM_ONE_ADDRESS)
      return fail(
        `One address had ${manyNumbers.delivered} messages sent to as many numbers in a row.`,
        'side-effect',
        'The SMS gateway’s journal shows them.',
        {
          exchanges: manyNumbers.exchanges.slice(-20),
          expected: `at most ${MOST_FROM_ONE_ADDRESS}`,
          observed: `${manyNumbers.delivered} of ${manyNumbers.asked}`,
        },
      )
    if (oneNumber.delivered === 0) return inconclusive('Not one message was sent, so nothing is shown about limits.')
    if (!bystander) return inconclusive('Messages were bounded, but somebody else’s code did not come either.')
    return pass(
      `${oneNumber.delivered} of ${oneNumber.asked} messages to one number and ${manyNumbers.delivered} of ${manyNumbers.asked} from one address were sent; somebody else’s code came all the same.`,
    )
  },
})

async function volley(lab: Lab, numbers: readonly string[], address: string | undefined): Promise<Volley> {
  const exchanges: number[] = []
  for (const number of numbers) exchanges.push((await lab.send('smsSend', { number, purpose: 'login' }, from(address))).id)
  return { asked: numbers.length, delivered: await delivered(lab, numbers), exchanges }
}

async function delivered(lab: Lab, numbers: readonly string[]): Promise<number> {
  let sum = 0
  for (const number of new Set(numbers)) sum += (await lab.messages(number)).length
  return sum
}

function from(address: string | undefined) {
  return (request: Parameters<NonNullable<Parameters<Lab['send']>[2]>>[0]) =>
    address === undefined ? request : { ...request, from: address }
}
