import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import shopConfig from '../../../examples/cookie-shop/onetap.config.ts'
import templateConfig from '../../../examples/template/onetap.config.ts'
import { checkConfig } from '../../../src/config/check-config.ts'

const MODULES = ['onetap.target.ts', 'examples/cookie-shop/onetap.target.ts', 'examples/template/onetap.target.ts']
const top = new URL('../../../', import.meta.url)

/** Builds every request, and reads a reply. Runs as text where only ECMAScript exists, as in k6: no URL, no Buffer, no process. */
const EXERCISE = `
  const context = { vars: { rebindSecret: 'a', rebindKey: 'b' }, crypto: { hmacSha256: () => 'mac', sha256: () => 'hash' }, nowMs: 1800000000123 }
  const notice = { eventId: 'e&1', kind: 'ported', msisdn: '13800000001', carrier: 'china-mobile', toCarrier: 'china-unicom', occurredAt: '2026-01-01T00:00:00Z', sequence: 1 }
  const inputs = {
    nonce: { deviceId: 'd 1' },
    oneTap: { carrier: 'china-telecom', token: [1], appId: 'app', nonce: undefined, authCode: 'x' },
    rebind: { notice },
    smsSend: { number: '1', purpose: 'login' },
    reauth: { credential: 'c', proof: { kind: 'password', password: 'p' } },
    bind: { credential: 'c', identity: { kind: 'sms', number: '1', code: '2' } },
    unbind: { credential: 'c', type: 'phone' },
    profileChange: { credential: 'c', fields: {} },
  }
  const other = { credential: 'c', number: '1', code: '2', identifier: '1', password: 'p', newPassword: 'q', refreshCredential: 'r', provider: 'qq' }
  for (const o of Object.values(bundled.default.operations)) o.read({ status: 200, body: '{"errno":0}', headers: { 'Set-Cookie': 'sid=a' } })
  JSON.stringify(Object.entries(bundled.default.operations).map(([op, o]) => [
    op, o.inputHeaders?.(inputs[op] ?? other, context) ?? {}, o.body?.(inputs[op] ?? other, context) ?? '',
  ]))
`

describe.each(MODULES)('%s', file => {
  it('bundles and runs where there is nothing but the language', async () => {
    const { outputFiles } = await build({
      entryPoints: [new URL(file, top).pathname],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'bundled',
      platform: 'neutral',
    })
    const context = createContext({})
    runInContext(outputFiles[0]!.text, context)
    const built = JSON.parse(runInContext(EXERCISE, context) as string) as [string, object, string][]
    expect(built.map(([op]) => op)).toEqual(expect.arrayContaining(['nonce', 'oneTap', 'me', 'logout', 'rebind']))
    // An attack's list stays a list, and what is undefined is left out rather than sent as text.
    const oneTap = built[1]![2]
    expect(oneTap).toContain('[1]')
    expect(oneTap).not.toMatch(/undefined|"nonce"|"value"/)
  })
})

describe('the files that init copies', () => {
  it.each(['onetap.target.ts', 'onetap.config.ts'])('%s runs without the package beside it: it imports types only', name => {
    const text = readFileSync(new URL(`examples/template/${name}`, top), 'utf8')
    const imports = text.split('\n').filter(line => /^(?:import|export .* from)\b/.test(line))
    expect(imports.length).toBeGreaterThan(0)
    expect(imports.filter(line => !line.startsWith('import type '))).toEqual([])
  })

  it('pass the check of configurations, as the shop’s does', () => {
    expect(checkConfig(templateConfig, 'onetap.config.ts').target.identityPath).toBeNull()
    expect(checkConfig(shopConfig, 'onetap.config.ts').name).toBe('cookie shop')
  })
})
