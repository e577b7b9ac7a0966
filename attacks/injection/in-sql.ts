import { defineAttack, type Exchange, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { isCrash } from '../kit/attempt.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { signIn } from '../kit/sign-in.ts'

type Tried = {
  field: string
  variant: string
  exchange: number
  status: number
  /** The reply or the profile after it shows the value that a database would make of the text. */
  computed: boolean
}
type Observation = {
  /** Fields of a profile that come back as they were set. */
  shown: string[]
  tried: Tried[]
  /** A value with quotes, kept as it is by a field. */
  harmless: { exchange: number; status: number; kept: boolean } | null
}

const FIELDS = ['nickname', 'name', 'displayName', 'avatar', 'signature', 'bio']
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'

export default defineAttack<Observation>({
  meta: {
    id: 'in-sql',
    family: 'injection',
    title: 'Text that the database runs',
    about:
      "Sets fields of the own profile to texts that end a quoted value and go on with an expression. If the profile shows the expression's value, the text ran in the database, and so would any other: somebody else's row, or the table's end.",
    severity: 'critical',
    cwe: [89],
    asvs: ['1.2.4'],
    api2023: ['API8'],
    has: 'an own session',
    needs: ['oneTap', 'me', 'profileChange'],
    notices: ['sql-parameters=string-sql'],
  },

  async observe(lab) {
    const { credential } = await signIn(lab, await lab.handset())
    if (credential === null) return { shown: [], tried: [], harmless: null }
    const set = async (field: string, value: string): Promise<{ exchange: Exchange; text: string }> => {
      const exchange = await lab.send('profileChange', { credential, fields: { [field]: value } })
      const shown = await lab.me({ credential })
      return { exchange, text: unescaped(`${lab.textOf(exchange)}\n${lab.textOf(shown)}`) }
    }
    const shown: string[] = []
    for (const field of FIELDS) {
      const canary = lab.rng.text(10, LETTERS)
      if ((await set(field, canary)).text.includes(canary)) shown.push(field)
    }
    if (shown.length === 0) return { notApplicable: 'no field of the profile comes back as it was set' }
    const tried: Tried[] = []
    for (const field of shown) {
      for (const [variant, write] of EXPRESSIONS) {
        const [left, right] = [lab.rng.text(8, LETTERS), lab.rng.text(8, LETTERS)]
        const { text, value } = write(left, right)
        const { exchange, text: seen } = await set(field, text)
        tried.push({ field, variant, exchange: exchange.id, status: exchange.status, computed: seen.includes(value) })
      }
    }
    return { shown, tried, harmless: await keptAsIs(lab, credential, shown[0] ?? '') }
  },

  judge({ shown, tried, harmless }): Judgement {
    if (harmless === null) return inconclusive('The login this attack starts from did not succeed.')
    const computed = tried.filter(one => one.computed)
    const [first] = computed
    if (first !== undefined)
      return fail(
        `The database computed what a field held (${first.field}, ${first.variant}).`,
        'side-effect',
        'The profile shows the value of an expression that was sent as text.',
        {
          exchanges: computed.map(({ exchange }) => exchange),
          expected: 'the text as it was sent, or a refusal',
          observed: `${computed.length} of ${tried.length} expressions computed`,
        },
      )
    const crashed = tried.filter(isCrash)
    if (crashed.length > 0 || isCrash(harmless))
      return inconclusive(
        `Nothing was seen to be computed, but the target broke on a quote (status ${crashed[0]?.status ?? harmless.status}).`,
      )
    if (tried.some(({ status }) => status === 0 || status === 429 || status >= 500))
      return inconclusive('Some changes got no clear answer.')
    return pass(
      `${tried.length} expressions in ${shown.join(', ')} stayed text or were refused${harmless.kept ? '; a harmless quote was kept' : ''}.`,
    )
  },
})

/** Texts whose value, once run, is not a part of them. */
const EXPRESSIONS: readonly [string, (left: string, right: string) => { text: string; value: string }][] = [
  ['joined by || (SQLite, PostgreSQL, Oracle)', (left, right) => ({ text: `${left}'||'${right}`, value: left + right })],
  ['arithmetic between ||', (left, right) => ({ text: `${left}'||(6*7)||'${right}`, value: `${left}42${right}` })],
  ['side by side (MySQL)', (left, right) => ({ text: `${left}' '${right}`, value: left + right })],
  ['joined by + (SQL Server)', (left, right) => ({ text: `${left}'+'${right}`, value: left + right })],
]

async function keptAsIs(lab: Lab, credential: string, field: string): Promise<NonNullable<Observation['harmless']>> {
  const value = `O'Neill "${lab.rng.text(6, LETTERS)}" 你好`
  const exchange = await lab.send('profileChange', { credential, fields: { [field]: value } })
  const kept = unescaped(lab.textOf(await lab.me({ credential }))).includes(unescaped(value))
  return { exchange: exchange.id, status: exchange.status, kept }
}

/** Quotes as they are, however JSON writes them. */
function unescaped(text: string): string {
  return text.replaceAll('\\"', '"').replaceAll('\\u0027', "'")
}
