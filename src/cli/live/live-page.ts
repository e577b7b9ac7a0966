import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Observer } from '../../run/observer.ts'
import { statusBlock } from '../status-block.ts'
import { LIVE_DOCUMENT, LIVE_STYLE } from './document.ts'
import { type LiveFigures, type LivePoint, pointOf } from './figures.ts'

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

/** More seconds than a load may last. */
const MOST_POINTS = 20_000

/** A page on loopback that shows a run while it goes on. */
export interface LivePage {
  url: string
  /** Told the same as the terminal's. */
  observer: Pick<Observer, 'phase' | 'load'>
  close(): Promise<void>
}

/** Opens the page at a free port of 127.0.0.1. Read-only; answers no other name than loopback's, so that no foreign page can read it. */
export async function openLivePage(): Promise<LivePage> {
  const points: LivePoint[] = []
  const now: Omit<LiveFigures, 'from' | 'points'> = {
    phase: 'Waiting for the run.',
    status: [],
    errors: { refused: 0, failed: 0, carrierFailed: 0 },
    dropped: 0,
  }
  let host = ''
  const server = createServer((asked, answer) => {
    const found = pageAt(asked, from => ({ ...now, from, points: points.slice(from) }))
    if (asked.headers.host !== host) send(answer, 421, 'text/plain', 'asked by a name that is not its own\n')
    else if (asked.method !== 'GET') send(answer, 405, 'text/plain', 'read only\n')
    else if (found === undefined) send(answer, 404, 'text/plain', 'there is no such page\n')
    else send(answer, 200, ...found)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}/`,
    observer: {
      phase: text => {
        now.phase = text
      },
      load: progress => {
        for (const kind of ['refused', 'failed', 'carrierFailed'] as const) now.errors[kind] += progress.second?.errors[kind] ?? 0
        now.dropped = progress.dropped
        now.status = statusBlock(progress, now.errors)
        if (points.length < MOST_POINTS) points.push(pointOf(progress))
      },
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** What is answered at a path: its type and text. Undefined where there is nothing. */
function pageAt(asked: IncomingMessage, figuresFrom: (from: number) => LiveFigures): [type: string, text: string] | undefined {
  // Not by URL, which throws at what a client may well send.
  const [path, query] = (asked.url ?? '/').split('?')
  switch (path) {
    case '/':
      return ['text/html', LIVE_DOCUMENT]
    case '/page.css':
      return ['text/css', LIVE_STYLE]
    case '/page.js':
      return ['text/javascript', pageScript()]
    case '/figures': {
      const from = Number(new URLSearchParams(query).get('from') ?? 0)
      return ['application/json', JSON.stringify(figuresFrom(Number.isSafeInteger(from) && from > 0 ? from : 0))]
    }
    default:
      return undefined
  }
}

function send(answer: ServerResponse, status: number, type: string, text: string): void {
  answer.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` }).end(text)
}

function pageScript(): string {
  if (!import.meta.url.endsWith('.ts')) return readFileSync(new URL('./script.js', import.meta.url), 'utf8')
  return stripTypeScriptTypes(readFileSync(new URL('./script.ts', import.meta.url), 'utf8'))
}
