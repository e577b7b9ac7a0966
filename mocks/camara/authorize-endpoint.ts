import type { Answer, Operation } from '../dialect.ts'
import { formFields, type StringFields, text } from '../wire/string-fields.ts'
import type { TokenSubject } from './access-tokens.ts'
import type { OperatorContext } from './operator-context.ts'
import { servesIndex } from './operator-context.ts'
import { parseScopes } from './scopes.ts'

/**
 * Authorization code flow with network authentication. A real operator sees from which SIM card the request comes; here the
 * parameter `onetap_imsi` (ours) names it, and its absence is a device on Wi-Fi. Errors travel by redirect, except over a wrong
 * client or redirect address. Which addresses a client registered is not imitated: any absolute one is taken, and must be
 * repeated at the token endpoint.
 */
export function authorizeEndpoint(context: OperatorContext): Operation {
  return {
    name: 'authorize',
    path: `${context.basePath}/authorize`,
    read: call => {
      const fields = call.method === 'GET' ? formFields(call.query) : undefined
      return {
        token: '',
        appId: fields === undefined ? '' : text(fields, 'client_id'),
        signature: 'absent',
        settle: () => (fields === undefined ? page('not a readable request') : authorize(context, fields)),
        systemError: () => page('server error', 500),
      }
    },
  }
}

function authorize(context: OperatorContext, fields: StringFields): Answer {
  const client = context.clients.find(one => one.appId === text(fields, 'client_id'))
  const redirectUri = text(fields, 'redirect_uri')
  if (client === undefined) return page('unknown client')
  if (!URL.canParse(redirectUri) || new URL(redirectUri).hash !== '') return page('wrong redirect_uri')
  const back = (answer: Readonly<Record<string, string>>): Answer => redirect(redirectUri, text(fields, 'state'), answer)
  const scopes = parseScopes(text(fields, 'scope'))
  if (text(fields, 'response_type') !== 'code') return back({ error: 'unsupported_response_type' })
  if (scopes === undefined) return back({ error: 'invalid_scope' })
  if (!isPkceUsable(fields)) return back({ error: 'invalid_request' })
  const subject = subscriberBehind(context, text(fields, 'onetap_imsi'))
  if (subject === undefined) return back({ error: context.ports.assume('no-mobile-data') })
  if (!context.authorizations.hasConsent(subject.index)) return back({ error: 'consent_required' })
  const lifeMs = Number(context.ports.assume('code-life-seconds')) * 1000
  const started = {
    clientIndex: client.appIndex,
    operator: context.operator,
    scopes,
    subject,
    redirectUri,
    nonce: text(fields, 'nonce') || undefined,
    codeChallenge: text(fields, 'code_challenge') || undefined,
  }
  return back({ code: context.authorizations.startCode(started, lifeMs) })
}

/** PKCE is recommended, not demanded; but a challenge that could be read back out of the request is none. */
function isPkceUsable(fields: StringFields): boolean {
  const [challenge, method] = [text(fields, 'code_challenge'), text(fields, 'code_challenge_method')]
  return challenge === '' ? method === '' : method === 'S256' && /^[\w-]{43}$/.test(challenge)
}

function subscriberBehind(context: OperatorContext, imsi: string): TokenSubject | undefined {
  const { lives, phones } = context.ports
  const sim = lives.simByImsi(imsi)
  if (sim === undefined || !phones.connection(imsi).mobileData || !servesIndex(context, sim.index)) return undefined
  return { index: sim.index, generation: lives.tenure(sim.index).generation, byNetwork: true }
}

function redirect(redirectUri: string, state: string, answer: Readonly<Record<string, string>>): Answer {
  const target = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value)
  if (state !== '') target.searchParams.set('state', state)
  return { ...page('', 302), headers: { location: target.href }, resultCode: answer.error ?? '' }
}

function page(sentence: string, httpStatus = 400): Answer {
  const body = sentence === '' ? '' : `<!doctype html><p>${sentence}</p>`
  return { httpStatus, contentType: 'text/html; charset=utf-8', body, resultCode: '', redeemed: false, billed: false }
}
