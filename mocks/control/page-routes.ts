import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { PAGE_DOCUMENT, PAGE_STYLE } from './page/document.ts'

/** They tell nothing: the page asks for the token and then for everything else. */
export const PAGE_ROUTES: readonly string[] = ['/', '/page.css', '/page.js']

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** A page for people at the mocks' own address. */
export function addPageRoutes(app: FastifyInstance): void {
  const send = (reply: FastifyReply, type: string, text: string): FastifyReply =>
    reply.headers(HEADERS).type(`${type}; charset=utf-8`).send(text)
  app.get('/', (_request, reply) => send(reply, 'text/html', PAGE_DOCUMENT))
  app.get('/page.css', (_request, reply) => send(reply, 'text/css', PAGE_STYLE))
  let script: string | undefined
  app.get('/page.js', (_request, reply) => {
    script ??= pageScript()
    return send(reply, 'text/javascript', script)
  })
}

/** Read on demand, because mocks that nobody looks at need not pay for it. */
function pageScript(): string {
  if (!import.meta.url.endsWith('.ts')) return readFileSync(new URL('./page/script.js', import.meta.url), 'utf8')
  return stripTypeScriptTypes(readFileSync(new URL('./page/script.ts', import.meta.url), 'utf8'))
}
