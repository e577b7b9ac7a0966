import type { Answer, Call, Operation } from '../dialect.ts'
import { type StringFields, text } from '../wire/string-fields.ts'
import { BACKCHANNEL_SECONDS } from './authorizations.ts'
import { authenticate, formOperation, isRefusal } from './backchannel-form.ts'
import { userOf } from './login-hints.ts'
import { oauthError, oauthResult } from './oauth-answers.ts'
import type { OperatorContext } from './operator-context.ts'
import { parseScopes } from './scopes.ts'

/** CIBA in poll mode: the consumer names the user by `login_hint` and asks for the token until it is there. */
export function backchannelEndpoint(context: OperatorContext): Operation {
  return formOperation(context, {
    name: 'bc-authorize',
    path: '/bc-authorize',
    serve: (form, call) => start(context, form, call),
  })
}

function start(context: OperatorContext, form: StringFields, call: Call): Answer {
  const client = authenticate(context, form, call)
  if (isRefusal(client)) return client
  const hint = text(form, 'login_hint')
  if (hint === '' || 'login_hint_token' in form || 'id_token_hint' in form) {
    return oauthError('invalid_request', 'login_hint, and only login_hint')
  }
  const scopes = parseScopes(text(form, 'scope'))
  if (scopes === undefined) return oauthError('invalid_scope', 'needs one purpose and scopes of APIs')
  const subject = userOf(context, hint, client.appIndex)
  if (subject === undefined) return oauthError('unknown_user_id', 'no such user here')
  if (!context.authorizations.hasConsent(subject.index)) return oauthError('access_denied', 'no consent', 403)
  const id = context.authorizations.startBackchannel({
    clientIndex: client.appIndex,
    operator: context.operator,
    scopes,
    subject,
  })
  const { expiresIn, interval } = BACKCHANNEL_SECONDS
  return oauthResult({ auth_req_id: id, expires_in: expiresIn, interval })
}
