import type { CraftedRequest, Tamper } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'

/** The body's fields, when it is a JSON object. */
export function jsonFields(request: CraftedRequest): { [name: string]: Json } | undefined {
  try {
    const value: unknown = JSON.parse(request.body ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { [name: string]: Json }) : undefined
  } catch {
    return undefined
  }
}

/** The same request with more fields in its body, JSON or form; unchanged when the body is neither. Present ones are kept. */
export function withFields(extra: Readonly<Record<string, Json>>): Tamper {
  return request => {
    const fields = jsonFields(request)
    if (fields !== undefined) return { ...request, body: JSON.stringify({ ...extra, ...fields }) }
    if (request.body === undefined || !/^[^={}<>]+=/.test(request.body)) return request
    return { ...request, body: `${request.body}&${query(extra)}` }
  }
}

/** The same request with these words in its query. */
export function withQuery(words: Readonly<Record<string, string>>): Tamper {
  return request => ({ ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${query(words)}` })
}

/** The same request with these headers, any of the same name replaced. */
export function withHeaders(headers: Readonly<Record<string, string>>): Tamper {
  return request => {
    const names = new Set(Object.keys(headers).map(name => name.toLowerCase()))
    const kept = Object.entries(request.headers).filter(([name]) => !names.has(name.toLowerCase()))
    return { ...request, headers: { ...Object.fromEntries(kept), ...headers } }
  }
}

/** The place of a text in a JSON body, as the path of names that leads to it; undefined when it stands nowhere. */
export function placeOf(value: Json, text: string): string[] | undefined {
  if (value === text) return []
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  for (const [name, inner] of Object.entries(value)) {
    const rest = placeOf(inner ?? null, text)
    if (rest !== undefined) return [name, ...rest]
  }
  return undefined
}

function query(words: Readonly<Record<string, Json>>): string {
  return Object.entries(words)
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name)}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`,
    )
    .join('&')
}
