import { defineAttack, type Exchange, type Judgement } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { withFields } from '../kit/tamper.ts'
import { loginWith } from '../kit/tokens.ts'

type Written = {
  ending: string
  exchange: number
  status: number
  granted: boolean
  /** A line of the log, or a header of the reply, began with what stood after the line's end. */
  asLine: boolean
  asHeader: boolean
}
type Observation = { lines: number; written: Written[] }

/** What clients say of themselves, and so ends up in logs. */
const FIELDS = ['deviceId', 'device', 'deviceModel', 'userAgent', 'traceId', 'requestId', 'channel', 'appVersion']
const ENDINGS: readonly [string, string][] = [
  ['line feed', '\n'],
  ['carriage return and line feed', '\r\n'],
  ['carriage return', '\r'],
]
const WRITTEN_WITHIN_MS = 1_000

export default defineAttack<Observation>({
  meta: {
    id: 'in-header-log',
    family: 'injection',
    title: 'Forged line in the log',
    about:
      'Logs in with fields about the device that hold the end of a line and a line of the attacker’s own. A log line that begins with it means that anybody can write the target’s history: logins that never were, or an end to the search for the one that was.',
    severity: 'medium',
    cwe: [117, 113, 93],
    asvs: ['16.4.1', '4.2.4'],
    api2023: ['API8'],
    has: 'an own phone',
    needs: ['oneTap', 'me'],
    notices: ['log-lines=raw-headers-logs'],
  },

  async observe(lab) {
    if (lab.targetLog() === undefined)
      return { notApplicable: 'the target was not started by the harness, so its log is not seen' }
    const phone = await lab.handset()
    const tried: { ending: string; canary: string; exchange: Exchange }[] = []
    for (const [ending, end] of ENDINGS) {
      const canary = `forged-${lab.rng.text(12, 'abcdefghijkmnpqrstuvwxyz')}`
      const value = `phone${end}${canary}: granted`
      const input = loginWith(await phone.authorize(), await lab.nonce())
      const exchange = await lab.send('oneTap', input, withFields(Object.fromEntries(FIELDS.map(name => [name, value]))))
      tried.push({ ending, canary, exchange })
    }
    await lab.login(phone)
    const begins = (line: string, canary: string): boolean => line.trimStart().startsWith(canary)
    await lab.eventually(async () => (lab.targetLog() ?? []).length > 0, WRITTEN_WITHIN_MS)
    await lab.eventually(
      async () => tried.some(({ canary }) => lab.targetLog()?.some(line => begins(line, canary))),
      WRITTEN_WITHIN_MS / 4,
    )
    const log = lab.targetLog() ?? []
    if (log.length === 0) return { notApplicable: 'the target wrote nothing while it was attacked' }
    const written = tried.map(({ ending, canary, exchange }) => ({
      ending,
      exchange: exchange.id,
      status: exchange.status,
      granted: exchange.reading.kind === 'granted',
      asLine: log.some(line => line.split('\r').some(part => begins(part, canary))),
      asHeader: lab
        .textOf(exchange)
        .split('\n')
        .some(line => begins(line, canary)),
    }))
    return { lines: log.length, written }
  },

  judge({ lines, written }): Judgement {
    const forged = written.filter(({ asLine, asHeader }) => asLine || asHeader)
    const [first] = forged
    if (first !== undefined)
      return fail(
        `A field of the request wrote a ${first.asLine ? 'line of the log' : 'header of the reply'} of its own (${first.ending}).`,
        'side-effect',
        'What the attacker put after the end of a line begins a new one.',
        {
          exchanges: forged.map(({ exchange }) => exchange),
          expected: 'ends of lines are escaped, or the field is not written',
          observed: `${forged.length} of ${written.length} endings`,
        },
      )
    if (written.some(({ status }) => status === 0 || status >= 500))
      return inconclusive('A login with an end of line in a field got no clear answer.')
    return pass(`No end of line in the fields of ${written.length} logins began a line among the ${lines} the target wrote.`)
  },
})
