import { HarnessError } from '../contract/errors.ts'

/** Is the host this machine's own loopback? Names are not resolved: `localhost` is taken as loopback by definition (RFC 6761). */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(bare)
}

/**
 * Refuses a URL whose host is neither loopback nor allowed twice (in the config and by --allow-host), before a byte is sent.
 * Throws HarnessError NOT_ALLOWED; CONFIG when it is no http(s) URL.
 */
export function guardUrl(url: string, allowedHosts: readonly string[], what: string): void {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new HarnessError('CONFIG', `${what}: "${url}" is not a URL`, { hint: 'write it as http://127.0.0.1:8080' })
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new HarnessError('CONFIG', `${what}: "${url}" is neither http nor https`, { hint: 'write it as http://127.0.0.1:8080' })
  }
  if (isLoopback(parsed.hostname) || allowedHosts.includes(parsed.hostname)) return
  throw new HarnessError('NOT_ALLOWED', `${what}: ${parsed.hostname} is not this machine; nothing was sent`, {
    hint: `only test what is yours: name it in \`allowedHosts\` of the config and pass --allow-host ${parsed.hostname}, both`,
  })
}
