import type { Answer, Call, Operation } from '../dialect.ts'
import { formFields, type StringFields, text } from '../wire/string-fields.ts'
import type { CamaraClient } from './clients.ts'
import { readJwt } from './jwt.ts'
import { oauthError } from './oauth-answers.ts'
import { issuerOf, type OperatorContext } from './operator-context.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** An endpoint that consumers' servers post forms to. */
export interface FormEndpoint {
  name: string
  path: string
  serve(form: StringFields, call: Call): Answer
}

export function formOperation(context: OperatorContext, endpoint: FormEndpoint): Operation {
  return {
    name: endpoint.name,
    path: context.basePath + endpoint.path,
    read: call => {
      const form = formOf(call)
      return {
        token: form === undefined ? '' : text(form, 'code'),
        appId: form === undefined ? '' : claimedClient(form),
        signature: form === undefined ? 'absent' : context.assertions.signatureOf(assertionOf(form)),
        settle: () => (form === undefined ? oauthError('invalid_request', 'not a POSTed form') : endpoint.serve(form, call)),
        systemError: () => oauthError('server_error', 'system error', 500),
      }
    },
  }
}

function formOf(call: Call): StringFields | undefined {
  if (call.method !== 'POST' || call.unreadable !== undefined) return undefined
  return call.contentType.startsWith('application/x-www-form-urlencoded') ? formFields(call.body) : undefined
}

/** Who the assertion says it is from, not yet believed: for the journal. */
function claimedClient(form: StringFields): string {
  const { iss } = readJwt(assertionOf(form))?.claims ?? {}
  return typeof iss === 'string' ? iss.slice(0, 200) : ''
}

function assertionOf(form: StringFields): string {
  return text(form, 'client_assertion') || text(form, 'assertion')
}

/** The consumer that signed the form's client assertion, or the answer that refuses it. */
export function authenticate(context: OperatorContext, form: StringFields, call: Call): CamaraClient | Answer {
  if (text(form, 'client_assertion_type') !== ASSERTION_TYPE) return oauthError('invalid_client', 'client assertion missing')
  const taken = context.assertions.take(text(form, 'client_assertion'), audiencesOf(context, call))
  if (taken.kind === 'refused') return oauthError('invalid_client', taken.why)
  const clientId = text(form, 'client_id')
  const isWhole = taken.jwt.claims.sub === taken.client.appId && (clientId === '' || clientId === taken.client.appId)
  return isWhole ? taken.client : oauthError('invalid_client', 'sub or client_id is not the client')
}

/** What an assertion may be addressed to: the endpoint it is sent to, the token endpoint, the server itself. */
export function audiencesOf(context: OperatorContext, call: Call): string[] {
  const issuer = issuerOf(context, call)
  return [issuer, `${issuer}/`, `${issuer}/token`, issuer + call.path.slice(context.basePath.length)]
}

export function isRefusal(value: CamaraClient | Answer): value is Answer {
  return 'httpStatus' in value
}
