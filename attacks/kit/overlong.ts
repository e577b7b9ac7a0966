import type { Judgement, Lab, RawConnection } from '../../src/contract/attack.ts'
import type { OperationId, OperationInputs } from '../../src/contract/target.ts'
import { fail, inconclusive } from './judging.ts'

/** A request that goes on and on, and how far the target went along. */
export type Poured = {
  variant: string
  exchange: number
  status: number
  sentBytes: number
  /** `early`: answered or ended before all was sent, or stopped reading. `whole`: took all of it, then answered. `silent`: took all of it and said nothing. */
  end: 'early' | 'whole' | 'silent'
}

/** Ten thousand times an honest login, and more than any default of a web server or of a proxy before one. */
export const OVERLONG_BYTES = 16 * 1024 * 1024
const PIECE = 'a'.repeat(256 * 1024)
/** Time to say no to the announced length, before any of it is sent. */
const HEED_MS = 100
/** Between pieces, so that an answer is heard before the next is sent. */
const BREATH_MS = 2
const ANSWER_WITHIN_MS = 5_000
/** "Too large", for bodies and for headers: whenever it comes, it was meant. */
const TOO_LARGE = [413, 431]

/** Sends one request whose body has room made in it at `inside` (a text of the body; its end unless found), with the length announced or not. */
export async function pour<Op extends OperationId>(
  lab: Lab,
  op: Op,
  input: OperationInputs[Op],
  { announced, inside }: { announced: boolean; inside: string },
): Promise<Poured> {
  const connection = await lab.dial(op, input)
  const [before, after] = opened(connection.request.body, inside)
  const pieces = Math.ceil((OVERLONG_BYTES - before.length - after.length) / PIECE.length)
  const total = before.length + pieces * PIECE.length + after.length
  const framed = (text: string): string => (announced ? text : `${text.length.toString(16)}\r\n${text}\r\n`)
  await connection.write(headOf(connection, announced ? `Content-Length: ${total}` : 'Transfer-Encoding: chunked'))
  await connection.write(framed(before))
  await lab.eventually(async () => isOver(connection), HEED_MS)
  let sentBytes = before.length
  for (let piece = 0; piece < pieces && !isOver(connection); piece++) {
    if (!(await connection.write(framed(PIECE)))) break
    sentBytes += PIECE.length
    await lab.eventually(async () => true, BREATH_MS)
  }
  const whole = sentBytes === total - after.length && !isOver(connection)
  if (whole) {
    await connection.write(framed(after) + (announced ? '' : '0\r\n\r\n'))
    await lab.eventually(async () => isOver(connection), ANSWER_WITHIN_MS)
  }
  const answered = connection.said() !== ''
  const { id, status } = connection.finish()
  const end = !whole ? 'early' : answered ? 'whole' : 'silent'
  return { variant: `${op}, ${announced ? 'length announced' : 'in chunks'}`, exchange: id, status, sentBytes, end }
}

/** The same connection with an honest body in two halves: that requests of this kind get through at all. */
export async function inHalves<Op extends OperationId>(lab: Lab, op: Op, input: OperationInputs[Op]): Promise<boolean> {
  const connection = await lab.dial(op, input)
  const { body } = connection.request
  const half = Math.ceil(body.length / 2)
  await connection.write(headOf(connection, `Content-Length: ${Buffer.byteLength(body)}`))
  await connection.write(body.slice(0, half))
  await connection.write(body.slice(half))
  await lab.eventually(async () => isOver(connection), ANSWER_WITHIN_MS)
  return connection.finish().reading.kind === 'granted'
}

/** Undefined where nothing was swallowed whole. */
export function judgePoured(poured: readonly Poured[]): Judgement | undefined {
  const swallowed = poured.filter(({ end, status }) => end === 'whole' && !TOO_LARGE.includes(status))
  const [first] = swallowed
  if (first !== undefined)
    return fail(
      `The target took in a request of ${OVERLONG_BYTES / 1024 / 1024} MiB whole before it said anything (${first.variant}).`,
      'side-effect',
      `All of it was read, then answered with status ${first.status}; an honest request is below 2 KiB.`,
      {
        exchanges: swallowed.map(({ exchange }) => exchange),
        expected: 'refused, or the connection ended, long before',
        observed: `${swallowed.length} of ${poured.length} taken whole`,
      },
    )
  const silent = poured.find(({ end }) => end === 'silent')
  if (silent !== undefined)
    return inconclusive(`A request of ${OVERLONG_BYTES / 1024 / 1024} MiB got no answer at all (${silent.variant}).`)
  return undefined
}

export function headOf({ request }: RawConnection, length: string): string {
  const names = Object.entries(request.headers).filter(([name]) => !/^(content-length|transfer-encoding)$/i.test(name))
  return [request.line, ...names.map(([name, value]) => `${name}: ${value}`), length, '', ''].join('\r\n')
}

function isOver(connection: RawConnection): boolean {
  return connection.said() !== '' || connection.endedAfterMs() !== undefined
}

/** The body before and after the place where it is to grow: behind a text of it, else in a field of its own, else at its end. */
function opened(body: string, inside: string): [string, string] {
  const at = inside === '' ? -1 : body.indexOf(inside)
  if (at >= 0) return [body.slice(0, at + inside.length), body.slice(at + inside.length)]
  if (body.endsWith('}')) return [`${body.slice(0, -1)},"padding":"`, '"}']
  return [`${body}&padding=`, '']
}
