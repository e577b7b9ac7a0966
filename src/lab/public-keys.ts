import type { TargetProfile } from '../contract/target.ts'

const WITHIN_MS = 3_000
const MOST_CHARACTERS = 256 * 1024

/** Keys that the target publishes at the path its module names, as JWKs; empty where it names none or nothing of use is there. */
export async function publishedKeys(baseUrl: string, target: TargetProfile): Promise<Readonly<Record<string, unknown>>[]> {
  const path = target.traits?.publicKeysPath
  if (path === undefined) return []
  const text = await textAt(baseUrl.replace(/\/+$/, '') + path)
  const set = parsed(text)
  const keys = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : undefined
  return Array.isArray(keys) ? keys.filter(isObject) : []
}

async function textAt(url: string): Promise<string> {
  try {
    const reply = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(WITHIN_MS) })
    return reply.ok ? (await reply.text()).slice(0, MOST_CHARACTERS) : ''
  } catch (error) {
    // No answer is no key; whether the target lives at all is for the controls to say.
    if (error instanceof TypeError || error instanceof DOMException) return ''
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
