import { isAscii } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { Call } from '../dialect.ts'

/** Longer heads are for the whole parser; no backend writes one. */
const LONGEST_HEAD = 4096

const REQUEST_LINE = /^POST (\/[!"$-~]*) HTTP\/1\.1$/
const HEADER_LINE = /^([!#$%&'*+\-.^`|~\w]+):[ \t]*((?:[!-~](?:[\t -~]*[!-~])?)?)[ \t]*$/

/** What frames a message or asks the server for something, and so is not read here. */
const NOT_PLAIN = new Set([
  'transfer-encoding',
  'expect',
  'upgrade',
  'trailer',
  'te',
  'proxy-connection',
  'accept-version',
  '__proto__',
])

/** Bodies of other types may be refused before a provider sees them, and that is not decided here. */
const CONTENT_TYPE = /^application\/(?:json|x-www-form-urlencoded)(?:; ?charset=utf-8)?$/i

interface Head {
  path: string
  query: string
  headers: IncomingHttpHeaders
  contentType: string
  bodyBytes: number
}

/**
 * Reads the requests of one connection that are plain: one POST, whole and alone in its chunk, nothing in it that two parsers could
 * read differently. Whatever is the least bit unusual is undefined and left to Node's own parser, which judges it.
 */
export class PlainRequests {
  readonly #scheme: Call['scheme']
  /** A backend sends the same head again and again. */
  #lastText = ''
  #lastHead: Head | undefined

  constructor(scheme: Call['scheme']) {
    this.#scheme = scheme
  }

  read(chunk: Buffer): Call | undefined {
    if (!isAscii(chunk)) return undefined
    const text = chunk.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end < 0 || end > LONGEST_HEAD) return undefined
    const head = this.#headOf(text.slice(0, end))
    if (head === undefined || head.bodyBytes !== text.length - end - 4) return undefined
    const { path, query, headers, contentType } = head
    return { method: 'POST', path, headers, scheme: this.#scheme, contentType, body: text.slice(end + 4), query }
  }

  #headOf(text: string): Head | undefined {
    if (text === this.#lastText) return this.#lastHead
    this.#lastText = text
    this.#lastHead = parseHead(text)
    return this.#lastHead
  }
}

function parseHead(text: string): Head | undefined {
  const [first = '', ...lines] = text.split('\r\n')
  const target = REQUEST_LINE.exec(first)?.[1]
  if (target === undefined) return undefined
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [, spelled = '', value = ''] = HEADER_LINE.exec(line) ?? []
    const name = spelled.toLowerCase()
    // A name that comes twice is joined, kept or dropped by rules that differ from name to name.
    if (name === '' || NOT_PLAIN.has(name) || Object.hasOwn(headers, name)) return undefined
    headers[name] = value
  }
  const { connection = 'keep-alive', host, 'content-length': length = '', 'content-type': contentType = '' } = headers
  if (connection.toLowerCase() !== 'keep-alive' || host === undefined) return undefined
  if (!/^(?:0|[1-9]\d{0,4})$/.test(length)) return undefined
  if (!CONTENT_TYPE.test(contentType) && !(length === '0' && contentType === '')) return undefined
  const mark = target.indexOf('?')
  return {
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    contentType: contentType.toLowerCase(),
    bodyBytes: Number(length),
  }
}
