import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { isRefusal } from '../kit/attempt.ts'
import { median } from '../kit/bound.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { judgePoured, OVERLONG_BYTES, type Poured, pour } from '../kit/overlong.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'

type Timed = { exchange: number; status: number; refused: boolean; durationMs: number }
/** One shape of text, longer and longer until it is dear. `again`: the dear one and a harmless one of its length, by turns. */
type Ladder = { shape: string; steps: (Timed & { length: number })[]; again: { dear: Timed; harmless: Timed }[] }
type Observation = { poured: Poured[]; during: Login; ladders: Ladder[] }

const AT_ONCE = 4
/** Doubling work shows between 20 and 30 characters; squared work between 1,000 and 10,000. */
const LENGTHS = [12, 16, 18, 20, 22, 24, 26, 28, 30, 64, 512, 4_000, 9_000]
/** Dear: so long for one answer, and so many times as long as a harmless text of the same length. */
const DEAR_MS = 300
const TIMES = 8
const TURNS = 2

export default defineAttack<Observation>({
  meta: {
    id: 'do-oversized',
    family: 'availability',
    title: 'Requests that are far dearer to answer than to send',
    about:
      'Sends requests of 16 MiB four at a time while somebody logs in, then identifiers and passwords that some checks take for ever over. A request taken in whole, or one short text that costs seconds of work, means that one sender with little to send keeps everybody waiting.',
    severity: 'medium',
    cwe: [1333, 407, 770],
    asvs: ['1.3.12', '15.2.2', '6.2.9'],
    api2023: ['API4'],
    has: 'nothing',
    needs: ['oneTap', 'me', 'passwordLogin'],
    notices: ['input-bounds=no-size-limit', 'input-bounds=costly-validator'],
    alone: true,
  },

  async observe(lab) {
    const phone = await lab.handset()
    const asking = { identifier: 'nobody@example.com', password: 'none-at-all' }
    const pouring = Array.from({ length: AT_ONCE }, (_, i) =>
      pour(lab, 'passwordLogin', asking, { announced: i % 2 === 0, inside: asking.password }),
    )
    const [poured, during] = await Promise.all([Promise.all(pouring), signIn(lab, phone)])
    const ladders: Ladder[] = []
    for (const shape of SHAPES) ladders.push(await climb(lab, shape))
    return { poured, during: loginOf(during), ladders }
  },

  judge({ poured, during, ladders }): Judgement {
    const swallowed = judgePoured(poured)
    if (swallowed?.outcome === 'fail') return swallowed
    const dear = ladders.filter(isDear)
    const [first] = dear
    if (first !== undefined) {
      const last = first.steps.at(-1)
      const { durationMs } = first.again[0]?.dear ?? { durationMs: 0 }
      return fail(
        `One request with ${first.shape} of ${last?.length ?? 0} characters took ${Math.round(durationMs)} ms to refuse.`,
        'side-effect',
        `A harmless text of the same length took ${Math.round(first.again[0]?.harmless.durationMs ?? 0)} ms, each time.`,
        {
          exchanges: first.again.flatMap(turn => [turn.dear.exchange, turn.harmless.exchange]),
          expected: 'about as long as for any text of its length',
          observed: `${Math.round(durationMs)} ms`,
        },
      )
    }
    if (swallowed !== undefined) return swallowed
    const unclear = ladders.flatMap(({ steps }) => steps).filter(({ refused }) => !refused)
    if (unclear.length > 0) return inconclusive(`Some texts got no plain refusal (status ${unclear[0]?.status ?? 0}).`)
    if (during.account === null) return inconclusive('Nothing was taken in, but an honest login meanwhile did not succeed.')
    return pass(
      `Requests of ${OVERLONG_BYTES / 1024 / 1024} MiB were turned away while a login went through; no text up to ${LENGTHS.at(-1)} characters was dear.`,
    )
  },
})

interface Shape {
  shape: string
  field: 'identifier' | 'password'
  text(length: number): string
  /** Of the same length, and no trouble to any check. */
  harmless(length: number): string
}

const SHAPES: readonly Shape[] = [
  {
    shape: 'an e-mail address that ends wrongly',
    field: 'identifier',
    text: length => `${'a'.repeat(length - 1)}!`,
    harmless: length => '!'.repeat(length),
  },
  {
    shape: 'a domain that ends wrongly',
    field: 'identifier',
    text: length => `a@${'a'.repeat(length - 3)}!`,
    harmless: length => '!'.repeat(length),
  },
  {
    shape: 'a number that ends wrongly',
    field: 'identifier',
    text: length => `+86${'1 '.repeat(length / 2 - 2)}!`,
    harmless: length => '!'.repeat(length),
  },
  { shape: 'a password', field: 'password', text: length => 'p'.repeat(length), harmless: () => 'p'.repeat(12) },
]

/** Stops at the first length that is dear, before a worse one. */
async function climb(lab: Lab, shape: Shape): Promise<Ladder> {
  const from = await lab.elsewhere()
  const ask = async (text: string): Promise<Timed> => {
    const input = { identifier: 'nobody@example.com', password: 'none-at-all', [shape.field]: text }
    const { id, status, reading, durationMs } = await lab.send('passwordLogin', input, request =>
      from === undefined ? request : { ...request, from },
    )
    return { exchange: id, status, refused: isRefusal({ status, reading: reading.kind }), durationMs }
  }
  // A target that is slow to everybody is not dear.
  const usual = median([await ask(shape.harmless(20)), await ask(shape.harmless(20))].map(({ durationMs }) => durationMs))
  const ladder: Ladder = { shape: shape.shape, steps: [], again: [] }
  for (const length of LENGTHS) {
    const step = await ask(shape.text(length))
    ladder.steps.push({ ...step, length })
    if (step.durationMs < DEAR_MS + 2 * usual) continue
    for (let turn = 0; turn < TURNS; turn++)
      ladder.again.push({ dear: await ask(shape.text(length)), harmless: await ask(shape.harmless(length)) })
    if (isDear(ladder)) return ladder
    ladder.again = []
  }
  return ladder
}

function isDear({ again }: Ladder): boolean {
  return (
    again.length > 0 &&
    again.every(({ dear, harmless }) => dear.durationMs >= DEAR_MS && dear.durationMs > TIMES * harmless.durationMs)
  )
}
