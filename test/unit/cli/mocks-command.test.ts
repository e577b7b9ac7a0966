import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import type { MocksReady } from '../../../src/contract/journal.ts'
import { PROVIDER_IDS } from '../../../src/contract/providers.ts'
import { type Ended, startOnetap } from './real-binary.ts'

const folder = mkdtempSync(join(tmpdir(), 'onetap-mocks-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs `onetap mocks`, does something while it runs, and stops it as Ctrl-C does. */
async function whileRunning(args: readonly string[], what?: (stdout: string) => Promise<void>): Promise<Ended> {
  const running = startOnetap(['mocks', ...args], folder)
  let stdout = ''
  const firstLine = new Promise<void>(resolve => {
    running.child.stdout?.on('data', (chunk: string) => {
      stdout += chunk
      if (stdout.endsWith('\n')) resolve()
    })
  })
  await Promise.race([firstLine, running.ended])
  await what?.(stdout)
  running.child.kill('SIGINT')
  return running.ended
}

const ready = (stdout: string): MocksReady => JSON.parse(stdout) as MocksReady

describe('onetap mocks', () => {
  test('prints one line of JSON, serves every provider and ends well when told to', async () => {
    const ended = await whileRunning(['--json'], async stdout => {
      const { controlUrl, providers } = ready(stdout)
      const response = await fetch(`${controlUrl}/__onetap/health`)
      expect(await response.json()).toEqual({ status: 'ok' })
      expect(providers.length).toBeGreaterThan(3)
    })
    expect(ended.code).toBe(0)
    expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(PROVIDER_IDS).toEqual(expect.arrayContaining(ready(ended.stdout).providers.map(one => one.provider)))
  })

  test('starts the providers named and no others, with lines a shell takes as they are', async () => {
    const { stdout, code } = await whileRunning(['--provider', 'china-telecom', 'jiguang'])
    expect(code).toBe(0)
    const [first, second, control, ...exports] = stdout.trimEnd().split('\n')
    expect(first).toMatch(/^china-telecom +http:\/\/127\.0\.0\.1:\d+$/)
    expect(second).toMatch(/^jiguang +http:/)
    expect(control).toMatch(/^control plane +http:.*Bearer/)
    expect(exports.length).toBeGreaterThan(4)
    for (const line of exports) expect(line).toMatch(/^export [A-Z_]+='[^']*'$/)
    const { stdout: seen } = await promisify(execFile)('sh', ['-c', `${exports.join('\n')}\nprintf %s "$CTCC_URL"`])
    expect(first).toContain(seen)
  })

  test('takes aggregators alone too: a token for a fresh subscriber is minted', async () => {
    const ended = await whileRunning(['--json', '--provider', 'jiguang'], async stdout => {
      const { controlUrl, controlToken } = ready(stdout)
      const response = await fetch(`${controlUrl}/__onetap/tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${controlToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ fresh: true, provider: 'jiguang' }),
      })
      expect(await response.json()).toMatchObject({ provider: 'jiguang', token: expect.any(String) })
    })
    expect(ended.code).toBe(0)
  })

  test('speaks TLS when asked, and keeps the authority in a file as long as it runs', async () => {
    let file = ''
    const ended = await whileRunning(['--json', '--tls', '--provider', 'china-mobile'], async stdout => {
      const { environment, caPem, providers } = ready(stdout)
      file = environment.NODE_EXTRA_CA_CERTS!
      expect(readFileSync(file, 'utf8')).toBe(caPem)
      expect(providers[0]!.url).toMatch(/^https:/)
      const ask = `fetch('${providers[0]!.url}/nowhere').then(r => console.log(r.status))`
      const { stdout: status } = await promisify(execFile)(process.execPath, ['-e', ask], {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: file },
      })
      expect(status.trim()).toBe('404')
    })
    expect(ended.code).toBe(0)
    expect(existsSync(file)).toBe(false)
  })

  test.each([
    [['--provider', 'nobody'], /one of china-mobile/],
    [['--provider', 'china-mobile,nobody'], /one of china-mobile/],
    [['--port-base', '65530'], /whole number from 1/],
  ])('%j is refused before anything starts', async (args, words) => {
    const { code, stderr } = await startOnetap(['mocks', ...args], folder).ended
    expect(code).toBe(2)
    expect(stderr).toMatch(words)
  })

  test('puts each provider at its own port above the base, and says which port is taken', async () => {
    // An ephemeral port that was free a moment ago; its neighbours are above the ephemeral range's busy part or the test says so.
    const base = 20_000 + (process.pid % 10_000)
    const ended = await whileRunning(['--json', '--provider', 'china-unicom', '--port-base', String(base)], async stdout => {
      if (!stdout.startsWith('{"runId"')) return
      const { controlUrl, providers } = ready(stdout)
      expect([controlUrl, providers[0]!.url].map(url => Number(new URL(url).port) - base)).toEqual([0, 2])
      const second = await startOnetap(['mocks', '--port-base', String(base)], folder).ended
      expect(second.code).toBe(3)
      expect(second.stderr).toContain(`Port ${base + 2}`)
    })
    expect([0, 3]).toContain(ended.code)
  })
})
