import type { Answer } from '../dialect.ts'
import { type StringFields, text } from '../wire/string-fields.ts'
import { answered, type IdentityApp, type IdentityContext, redirected } from './identity-operation.ts'

/**
 * The provider's consent page. A person would log in and press a button; here the parameter `onetap_user` (ours, a whole number)
 * says who agreed, and its absence shows a page that says so. The redirect address must be absolute; who registered which is
 * not imitated.
 */
export function authorizePage(
  context: IdentityContext,
  parameters: StringFields,
  appParameter: string,
  refuse: (why: 'app' | 'redirect' | 'type') => Answer,
): Answer {
  const appId = text(parameters, appParameter)
  const app = context.apps.find((one: IdentityApp) => one.appId === appId)
  if (app === undefined) return refuse('app')
  const redirectUri = text(parameters, 'redirect_uri')
  if (!URL.canParse(redirectUri)) return refuse('redirect')
  if (text(parameters, 'response_type') !== 'code') return refuse('type')
  const user = text(parameters, 'onetap_user')
  if (!/^\d{1,9}$/.test(user)) return answered(200, '', PAGE, 'text/html; charset=utf-8')
  const target = new URL(redirectUri)
  target.searchParams.set('code', context.desk.authorize(Number(user), app.appIndex, redirectUri))
  const state = text(parameters, 'state')
  if (state !== '') target.searchParams.set('state', state)
  return redirected(target.href)
}

const PAGE =
  '<!doctype html><title>Consent</title><p>A mock identity provider: add <code>onetap_user=&lt;number&gt;</code> to say who agrees.</p>'
