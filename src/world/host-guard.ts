import { HarnessError } from '../contract/errors.ts'

/**
 * Is the host this machine's own loopback? Takes a host as the URL parser spells it (`2130706433` and `0x7f.1` are `127.0.0.1` by
 * then). Names are not resolved: `localhost` is loopback by definition (RFC 6761), names below it are not, for resolvers differ.
 */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(bare)
}

const WRITE_IT_SO = { hint: 'write it as http://127.0.0.1:8080' }

/**
 * Refuses a URL whose host is neither loopback nor allowed twice (in the config and by --allow-host), before a byte is sent.
 * Throws HarnessError NOT_ALLOWED; CONFIG when it is no plain http(s) URL.
 */
export function guardUrl(url: string, allowedHosts: readonly string[], what: string): void {
  if (!URL.canParse(url)) throw new HarnessError('CONFIG', `${what}: "${url}" is not a URL`, WRITE_IT_SO)
  const parsed = new URL(url)
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new HarnessError('CONFIG', `${what}: "${url}" is neither http nor https`, WRITE_IT_SO)
  }
  if (!isLoopback(parsed.hostname) && !allowedHosts.includes(parsed.hostname)) {
    throw new HarnessError('NOT_ALLOWED', `${what}: ${parsed.hostname} is not this machine; nothing was sent`, {
      hint: `only test what is yours: name it in \`allowedHosts\` of the config and pass --allow-host ${parsed.hostname}, both`,
    })
  }
  // Paths are joined behind it, and what stands in a URL is written into reports.
  if (parsed.username !== '' || parsed.password !== '') {
    throw new HarnessError('CONFIG', `${what}: a user name or password in the URL is not wanted`, WRITE_IT_SO)
  }
  if (parsed.search !== '' || parsed.hash !== '') {
    throw new HarnessError('CONFIG', `${what}: "${url}" is no base URL: paths are put behind it`, WRITE_IT_SO)
  }
}

/** `host:port` of a URL with the port spelt out, as `target.allow` names it. */
export function hostAndPort(url: string): string {
  return `${new URL(url).hostname}:${portOf(url)}`
}

/** The port of an http(s) URL, 80 or 443 when it names none. */
export function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
