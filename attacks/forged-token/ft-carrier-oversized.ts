import { defineAttack, type Judgement, type Tamper } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { inHalves, judgePoured, OVERLONG_BYTES, type Poured, pour } from '../kit/overlong.ts'
import { jsonFields } from '../kit/tamper.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = {
  poured: Poured[]
  /** Bodies of ordinary length that are odd all through. */
  odd: Attempt[]
  /** An honest login over the same kind of connection, in two halves. */
  halves: boolean
}

export default defineAttack<Observation>({
  meta: {
    id: 'ft-carrier-oversized',
    family: 'forged-token',
    title: 'Carrier token without end',
    about:
      'Posts a token of 16 MiB, its length announced or not, and bodies that are nested or full of fields. Taking it in whole, or asking a carrier about it, means that a few connections fill the memory of the backend.',
    severity: 'medium',
    cwe: [770, 409],
    asvs: ['15.2.2'],
    api2023: ['API4'],
    has: 'nothing; a nonce is handed to anybody',
    needs: ['oneTap', 'me'],
    notices: ['input-bounds=no-size-limit', 'error-boundary=absent'],
  },

  async observe(lab) {
    const tokens = await ownTokens(lab)
    const poured: Poured[] = []
    for (const announced of [true, false]) {
      const issued = await tokens.next()
      poured.push(await pour(lab, 'oneTap', loginWith(issued, await lab.nonce()), { announced, inside: issued.token }))
    }
    const open: OpenAttempt[] = []
    for (const [name, tamper] of ODD)
      open.push(
        await attemptLogin(lab, name, async () => {
          const issued = await tokens.next()
          return { input: loginWith(issued, await lab.nonce()), watch: [], tamper: tamper(issued.token) }
        }),
      )
    const halves = await inHalves(lab, 'oneTap', loginWith(await tokens.next(), await lab.nonce()))
    return { poured, odd: await withCalls(lab, open), halves }
  },

  judge({ poured, odd, halves }): Judgement {
    const swallowed = judgePoured(poured)
    if (swallowed?.outcome === 'fail') return swallowed
    const sorted = sortAttempts(odd, () => 0)
    if (sorted.crashed.length > 0)
      return fail(
        `An odd body made the target fail (${names(sorted.crashed)}).`,
        'server-error',
        'The target answered a body of ordinary length with a server error, three times.',
        { ...evidenceOf(sorted.crashed), expected: 'refused', observed: `status ${sorted.crashed[0]?.status ?? 0}` },
      )
    if (swallowed !== undefined) return swallowed
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    if (!halves) return inconclusive('Nothing was taken in, but an honest login in two pieces was not granted either.')
    return pass(`Tokens of ${OVERLONG_BYTES / 1024 / 1024} MiB were turned away on the way, odd bodies refused.`)
  },
})

/** Below any limit on bodies: what these try is what is done with them. */
const DEPTH = 4_000
const FIELDS = 800

const ODD: readonly (readonly [string, (token: string) => Tamper])[] = [
  ['token nested deeply', token => inPlace(token, `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`)],
  ['token of many fields', token => inPlace(token, `{${Array.from({ length: FIELDS }, (_, i) => `"k${i}":${i}`).join(',')}}`)],
]

/** JSON written where the token stands, whatever it is; unchanged where the body is no JSON object that holds it. */
function inPlace(token: string, json: string): Tamper {
  return request => {
    const { body } = request
    if (body === undefined || jsonFields(request) === undefined) return request
    return { ...request, body: body.replace(JSON.stringify(token), () => json) }
  }
}
