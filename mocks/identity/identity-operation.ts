import type { Answer, Call, Operation, ProviderApp } from '../dialect.ts'
import { formFields, type StringFields, text } from '../wire/string-fields.ts'
import type { IdentityDesk } from './identity-desk.ts'

/** An app as an identity provider knows it. */
export interface IdentityApp extends ProviderApp {
  secret: string
}

export interface OperationSpec {
  name: string
  path: string
  methods: readonly string[]
  /** Parameter that carries what the person gave: `access_token` or `code`. */
  credential: string
  /** Parameters that name the app and prove it, where the operation takes them. */
  appParameter?: string
  secretParameter?: string
  /** Answers a call whose parameters could be read. */
  serve(parameters: StringFields): Answer
  /** Answers one that could not: wrong method, a parameter given twice, a body over the limit. */
  malformed(): Answer
  systemError(): Answer
}

/** What all operations of one provider share. */
export interface IdentityContext {
  desk: IdentityDesk
  apps: readonly IdentityApp[]
  nowMs(): number
  /** What the provider assumes now under a name of its `assumptions`. */
  assume(name: string): string
}

/**
 * An operation that takes its parameters from the query and, with POST, from a form body as well. In the journal the token is
 * the credential, and the app is the one it was given for or the one that asks.
 */
export function identityOperation({ desk, apps }: IdentityContext, spec: OperationSpec): Operation {
  return {
    name: spec.name,
    path: spec.path,
    read: call => {
      const parameters = parametersOf(call, spec.methods)
      const token = parameters === undefined ? '' : text(parameters, spec.credential)
      const app = appOf(spec, parameters, apps)
      const found = desk.access(token)
      const owner = found.kind === 'unknown' ? undefined : apps[found.grant.appIndex]
      return {
        token,
        appId: app?.appId ?? owner?.appId ?? '',
        signature: signatureOf(spec, parameters, app),
        settle: () => (parameters === undefined ? spec.malformed() : spec.serve(parameters)),
        systemError: spec.systemError,
      }
    },
  }
}

function parametersOf(call: Call, methods: readonly string[]): StringFields | undefined {
  if (!methods.includes(call.method) || call.unreadable !== undefined) return undefined
  const isForm = call.contentType.startsWith('application/x-www-form-urlencoded')
  if (call.body !== '' && !isForm) return undefined
  return formFields([call.query, call.body].filter(part => part !== '').join('&'))
}

function appOf(spec: OperationSpec, parameters: StringFields | undefined, apps: readonly IdentityApp[]): IdentityApp | undefined {
  if (parameters === undefined || spec.appParameter === undefined) return undefined
  const appId = text(parameters, spec.appParameter)
  return apps.find(app => app.appId === appId)
}

function signatureOf(
  spec: OperationSpec,
  parameters: StringFields | undefined,
  app: IdentityApp | undefined,
): 'ok' | 'bad' | 'absent' {
  const secret = parameters === undefined || spec.secretParameter === undefined ? '' : text(parameters, spec.secretParameter)
  return secret === '' ? 'absent' : secret === app?.secret ? 'ok' : 'bad'
}

/** Given out: the person's identity is in the answer. Identity providers charge nothing. */
export function identified(body: string, contentType = JSON_TYPE): Answer {
  return { httpStatus: 200, contentType, body, resultCode: '', redeemed: true, billed: false }
}

/** Answered without naming anybody. */
export function answered(httpStatus: number, resultCode: string, body: string, contentType = JSON_TYPE): Answer {
  return { httpStatus, contentType, body, resultCode, redeemed: false, billed: false }
}

export function redirected(location: string, resultCode = ''): Answer {
  return { ...answered(302, resultCode, '', 'text/html'), headers: { location } }
}

export const JSON_TYPE = 'application/json;charset=UTF-8'
