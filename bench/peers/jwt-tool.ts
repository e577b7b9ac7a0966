import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { ran } from './ran.ts'

export interface JwtTool {
  python: string
  /** The checkout: its word lists are looked for in the working folder. */
  checkout: string
}

/** What it says while it proves to itself that the true token works: no finding. */
const OWN_CHECKS = /^(Sending token|Prescan: (original|repeat original) token|Persistence check)/

/**
 * All tests of jwt_tool (`-M at`) on `/v1/me` with a token of its own: the names of those after which the account was shown, and the
 * secret when it found it. Its settings go to a folder made for this; keys it wants served lie on loopback, not at the public
 * address that its settings name.
 */
export async function jwtTool({ python, checkout }: JwtTool, url: string, jwt: string, limitMs: number): Promise<string[]> {
  const home = mkdtempSync(path.join(tmpdir(), 'jwt-tool-'))
  const settings = path.join(home, '.jwt_tool')
  const script = path.join(checkout, 'jwt_tool.py')
  // It makes keys and settings at its first start, and does nothing else then.
  await ran([python, script, jwt], limitMs, { cwd: checkout, env: { HOME: home } })
  const keys = createServer((_, reply) => reply.end(readFileSync(path.join(settings, 'jwttool_custom_jwks.json'))))
  await new Promise<void>(resolve => keys.listen(0, '127.0.0.1', resolve))
  const keysUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`
  try {
    const file = path.join(settings, 'jwtconf.ini')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^jwksdynamic = .*$/m, `jwksdynamic = ${keysUrl}`))
    const publicKey = await publicPem(url)
    if (publicKey !== undefined) writeFileSync(path.join(home, 'public.pem'), publicKey)
    const args = ['-M', 'at', '-np', '-t', `${url}/v1/me`, '-rh', `Authorization: Bearer ${jwt}`, '-cv', '"account"']
    if (publicKey !== undefined) args.push('-pk', path.join(home, 'public.pem'))
    const { output, isLate } = await ran([python, script, ...args], limitMs, { cwd: checkout, env: { HOME: home } })
    if (!output.includes('LAUNCHING SCAN')) throw new Error(`jwt_tool did not begin:\n${output.slice(-2000)}`)
    return [...findings(stripVTControlCharacters(output)), ...(isLate ? ['(cut off)'] : [])]
  } finally {
    keys.close()
    rmSync(home, { recursive: true, force: true })
  }
}

function findings(output: string): string[] {
  const opened = [...output.matchAll(/FOUND ".*" in response:\s*jwttool_\w+ (.+?) Response Code: 2\d\d/g)]
    .map(match => match[1] ?? '')
    .filter(name => !OWN_CHECKS.test(name))
    .map(kindOf)
  const secret = /\[\+\] (.+) is the CORRECT key/.exec(output)?.[1]
  return secret === undefined ? opened : [`the secret is “${secret}”`, ...opened]
}

/** One name for each of its families of tests: lists of words and of claims would fill pages. */
function kindOf(test: string): string {
  if (test.startsWith('Checking for alternative accepted HMAC')) return 'HMAC by a common password'
  if (test.startsWith('Injected kid claim')) return 'kid injected'
  if (test.startsWith('Claim processing check')) return 'claim read before the signature'
  if (test.endsWith('Broken signature')) return 'broken signature'
  const injected = /^Injected .* into (?:Common )?(Header|Payload) Claim/.exec(test)
  return injected === null ? test : `${injected[1]?.toLowerCase()} claim altered`
}

/** The key the backend publishes, where it has one: what an attacker would give the tool. */
async function publicPem(url: string): Promise<string | undefined> {
  const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: JsonWebKey[] }
  const [key] = keys
  return key && createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
}
