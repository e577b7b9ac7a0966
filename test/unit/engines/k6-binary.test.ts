import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HarnessError } from '../../../src/contract/errors.ts'
import { findK6, K6_VERSION } from '../../../src/engines/k6-binary.ts'
import { checksumOf } from '../../../src/engines/k6-download.ts'
import { runForText } from '../../../src/engines/run-for-text.ts'

let folder: string
let env: NodeJS.ProcessEnv
let server: Server | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onetap-k6-'))
  env = { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') }
  mkdirSync(join(folder, 'bin'))
})
afterEach(async () => {
  await new Promise(resolve => (server === undefined ? resolve(undefined) : server.close(resolve)))
  server = undefined
  rmSync(folder, { recursive: true })
})

/** A program that answers `k6 version` as k6 does. */
function fakeK6(path: string, version: string): string {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, `#!/bin/sh\necho "k6 v${version} (go1.26, linux/amd64)"\n`)
  chmodSync(path, 0o755)
  return path
}

const onPath = (version: string) => fakeK6(join(folder, 'bin', 'k6'), version)
const inCache = (version: string) => fakeK6(join(folder, 'cache', 'onetap', `k6-${K6_VERSION}`, 'k6'), version)

async function failureOf(found: Promise<unknown>): Promise<HarnessError> {
  const error = await found.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(HarnessError)
  return error as HarnessError
}

describe('k6 is found', () => {
  it('where it is named, before all else', async () => {
    onPath('2.1.0')
    const named = fakeK6(join(folder, 'mine'), '2.3.4')
    expect(await findK6({ path: named, env })).toEqual({ path: named, version: '2.3.4', from: 'named' })
    expect(await findK6({ env: { ...env, K6_BIN: named } })).toMatchObject({ from: 'named' })
  })

  it('on PATH, then in the cache', async () => {
    inCache('2.2.0')
    expect(await findK6({ env, offline: true })).toMatchObject({ from: 'cache', version: '2.2.0' })
    onPath('2.1.0')
    expect(await findK6({ env, offline: true })).toMatchObject({ from: 'PATH', version: '2.1.0' })
  })

  it('in the cache when the one on PATH is too old, and says so', async () => {
    onPath('1.8.1')
    inCache('2.2.0')
    const said: string[] = []
    expect(await findK6({ env, offline: true, onProgress: text => said.push(text) })).toMatchObject({ from: 'cache' })
    expect(said.join()).toContain('1.8.1, which is older than 2.0')
  })
})

describe('k6 is missing', () => {
  it('when the named one does not serve, even though there is another', async () => {
    onPath('2.1.0')
    const old = fakeK6(join(folder, 'old'), '0.54.0')
    expect((await failureOf(findK6({ path: old, env }))).message).toContain('0.54.0, which is older than 2.0')
    expect((await failureOf(findK6({ path: join(folder, 'nowhere'), env }))).code).toBe('ENGINE_MISSING')
    const other = join(folder, 'other')
    writeFileSync(other, '#!/bin/sh\necho hello\n')
    chmodSync(other, 0o755)
    expect((await failureOf(findK6({ path: other, env }))).message).toContain('does not answer as k6')
  })

  it('when nothing is here and nothing may be fetched', async () => {
    const error = await failureOf(findK6({ env, offline: true }))
    expect(error.code).toBe('ENGINE_MISSING')
    expect(error.hint).toContain('no k6 on PATH; none in the cache')
  })

  it('when it can neither be downloaded nor built, with both reasons', async () => {
    const error = await failureOf(findK6({ env, releasesUrl: 'http://127.0.0.1:1' }))
    expect(error.hint).toContain('could not be downloaded')
    expect(error.hint).toContain('no Go to build it with')
  })
})

/** A server with the release of every system this test may run on. */
async function releases(change: (archive: Buffer) => Buffer = archive => archive): Promise<string> {
  const made = join(folder, 'release', 'k6-vX')
  fakeK6(join(made, 'k6'), K6_VERSION)
  await runForText('tar', ['-czf', 'archive', 'k6-vX'], { cwd: join(folder, 'release'), timeoutMs: 10_000 })
  const archive = readFileSync(join(folder, 'release', 'archive'))
  const sum = createHash('sha256').update(archive).digest('hex')
  const names = ['linux-amd64.tar.gz', 'linux-arm64.tar.gz', 'macos-amd64.zip', 'macos-arm64.zip']
  const sums = names.map(name => `${sum}  k6-v${K6_VERSION}-${name}`).join('\n')
  server = createServer((request, response) => {
    response.end(request.url?.endsWith('-checksums.txt') === true ? `${sums}\n` : change(archive))
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server!.address() as AddressInfo).port}`
}

describe.skipIf(process.platform === 'win32')('the official release', () => {
  it('is downloaded once, checked and kept', async () => {
    const releasesUrl = await releases()
    expect(await findK6({ env, releasesUrl })).toMatchObject({ from: 'download', version: K6_VERSION })
    expect(await findK6({ env, offline: true })).toMatchObject({ from: 'cache' })
  })

  it('is thrown away when it does not match its checksum', async () => {
    const releasesUrl = await releases(archive => Buffer.concat([archive, Buffer.from('x')]))
    const error = await failureOf(findK6({ env, releasesUrl }))
    expect(error.hint).toContain('does not match its published checksum')
    expect(existsSync(join(folder, 'cache', 'onetap', `k6-${K6_VERSION}`, 'k6'))).toBe(false)
  })

  it('is looked up by its exact name in the list of checksums', () => {
    const sum = 'a'.repeat(64)
    expect(checksumOf(`${'b'.repeat(64)}  k6-arm64\n${sum}  k6-amd64\n`, 'k6-amd64')).toBe(sum)
    expect(checksumOf(`nonsense  k6-amd64\n`, 'k6-amd64')).toBeUndefined()
    expect(checksumOf(`${sum}  k6-amd64.sig\n`, 'k6-amd64')).toBeUndefined()
  })
})
