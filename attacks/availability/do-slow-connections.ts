import { defineAttack, type Judgement, type Lab, type RawConnection } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { headOf } from '../kit/overlong.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'
import { loginWith } from '../kit/tokens.ts'

type Slow = {
  kind: 'silent' | 'head by the line' | 'body by the byte'
  exchange: number
  /** When the target ended it or answered; null when it was still waiting at the end. */
  letGoAfterMs: number | null
}
type Observation = { deadlineMs: number; watchedMs: number; slow: Slow[]; meanwhile: Login[] }

/** An attack waits no longer for a deadline. */
const LONGEST_WAIT_MS = 20_000
/** Servers look after their connections now and then, not all the time. */
const GRACE_MS = 2_000
const EACH = 6
const PACE_MS = 400
const LOGIN_EVERY = 6

export default defineAttack<Observation>({
  meta: {
    id: 'do-slow-connections',
    family: 'availability',
    title: 'Connections that never finish their sentence',
    about:
      'Opens connections and says nothing, a header line now and then, or a body byte by byte, until the time is over that the target declares for a whole request. One that is still waited for costs a place for as long as the attacker likes.',
    severity: 'high',
    cwe: [400, 772],
    asvs: ['15.2.2', '13.1.2'],
    api2023: ['API4'],
    has: 'nothing',
    needs: ['oneTap', 'me'],
    notices: ['connection-deadlines=no-conn-deadline'],
  },

  async observe(lab) {
    const deadlineMs = lab.traits.requestWithinMs
    if (deadlineMs === undefined)
      return { notApplicable: 'the target module declares no time for a whole request (traits.requestWithinMs)' }
    const watchedMs = deadlineMs + GRACE_MS
    if (watchedMs > LONGEST_WAIT_MS)
      return { notApplicable: `requests may take ${deadlineMs} ms here, longer than an attack waits (${LONGEST_WAIT_MS} ms)` }
    const open = await openSlowly(lab)
    const meanwhile: Login[] = []
    const rounds = Math.ceil(watchedMs / PACE_MS)
    for (let round = 0; round < rounds; round++) {
      await Promise.all(open.map(one => one.more(round)))
      if (round % LOGIN_EVERY === 1) meanwhile.push(loginOf(await signIn(lab, await lab.handset())))
      await lab.eventually(async () => false, PACE_MS)
    }
    const slow = open.map(({ kind, connection }): Slow => {
      const { id, durationMs } = connection.finish()
      const ended = connection.endedAfterMs() ?? (connection.said() === '' ? undefined : durationMs)
      return { kind, exchange: id, letGoAfterMs: ended === undefined ? null : Math.round(ended) }
    })
    return { deadlineMs, watchedMs, slow, meanwhile }
  },

  judge({ deadlineMs, watchedMs, slow, meanwhile }): Judgement {
    const held = slow.filter(({ kind, letGoAfterMs }) => kind !== 'silent' && letGoAfterMs === null)
    const [first] = held
    if (first !== undefined)
      return fail(
        `A connection that sent its ${first.kind} was still waited for after ${watchedMs} ms.`,
        'side-effect',
        'The target had neither answered nor ended it, long after the time that it declares for a whole request.',
        {
          exchanges: held.map(({ exchange }) => exchange),
          expected: `ended within ${deadlineMs} ms`,
          observed: `${held.length} of ${slow.length} still open`,
        },
      )
    const shut = meanwhile.filter(({ account }) => account === null)
    if (shut.length > 0)
      return inconclusive(
        `The connections were ended, but ${shut.length} of ${meanwhile.length} logins meanwhile did not succeed.`,
      )
    const silent = slow.filter(({ kind, letGoAfterMs }) => kind === 'silent' && letGoAfterMs === null).length
    const also = silent === 0 ? '' : ` (${silent} that said nothing at all were left open)`
    return pass(
      `Connections that went on for ever were ended within ${watchedMs} ms${also}; ${meanwhile.length} logins went through meanwhile.`,
    )
  },
})

interface Open {
  kind: Slow['kind']
  connection: RawConnection
  more(round: number): Promise<unknown>
}

async function openSlowly(lab: Lab): Promise<Open[]> {
  const open: Open[] = []
  const input = loginWith(await (await lab.handset()).authorize(), 'no-nonce-is-spent-on-this')
  for (let i = 0; i < EACH; i++) {
    open.push({ kind: 'silent', connection: await lab.dial('oneTap', input), more: async () => undefined })
    const byLine = await lab.dial('oneTap', input)
    await byLine.write(`${byLine.request.line}\r\nHost: ${byLine.request.headers.Host ?? 'localhost'}\r\n`)
    open.push({ kind: 'head by the line', connection: byLine, more: round => byLine.write(`X-Wait-${round}: a\r\n`) })
    const byByte = await lab.dial('oneTap', input)
    const { body } = byByte.request
    await byByte.write(headOf(byByte, `Content-Length: ${Buffer.byteLength(body)}`))
    const more = (round: number): Promise<boolean> => byByte.write(body.slice(round, round + 1))
    open.push({ kind: 'body by the byte', connection: byByte, more })
  }
  return open
}
