import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page made when it is asked for. */
export type Page = () => string

/** Of the pages themselves nothing is fetched; their one script and style are known by their digest. */
const POLICY = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * Pages on loopback. `pageAt` knows every address there is: no address is ever taken as a path of the file system. Rejects with the
 * system's error when the port cannot be had.
 */
export async function servePages(port: number, pageAt: (address: string) => Page | undefined): Promise<Server & { url: string }> {
  const server = createServer((request, response) => answer(request, response, pageAt))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, '127.0.0.1', resolve)
  await promise
  server.off('error', reject)
  return Object.assign(server, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

function answer(request: IncomingMessage, response: ServerResponse, pageAt: (address: string) => Page | undefined): void {
  // A name that someone else points at 127.0.0.1 must not read what is here.
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? '')) say(response, 421, 'ask by 127.0.0.1')
  else if (request.method !== 'GET' && request.method !== 'HEAD') say(response, 405, 'only GET')
  else {
    try {
      const page = pageAt((request.url ?? '/').split('?')[0] ?? '/')
      if (page === undefined) say(response, 404, 'there is no such page')
      else sendPage(response, page(), request.method === 'HEAD')
    } catch (cause) {
      say(response, 500, cause instanceof Error ? cause.message : String(cause))
    }
  }
}

function sendPage(response: ServerResponse, text: string, headOnly: boolean): void {
  send(response, 200, 'text/html', headOnly ? '' : text, policyFor(text))
}

function say(response: ServerResponse, status: number, text: string): void {
  send(response, status, 'text/plain', `${text}\n`, POLICY)
}

function send(response: ServerResponse, status: number, type: string, text: string, policy: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
  response.end(text)
}

/** Values in a page are escaped, so elements of these names are ours. */
function policyFor(page: string): string {
  const digests = (tag: 'script' | 'style'): string => {
    const found = [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(([, text = '']) => text)
    if (found.length === 0) return ''
    return `; ${tag}-src ${found.map(text => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ')}`
  }
  return `${POLICY}${digests('script')}${digests('style')}`
}
