import { expect, test } from 'vitest'
import type { HarnessError } from '../../../src/contract/errors.ts'
import { guardUrl, hostAndPort, isLoopback } from '../../../src/world/host-guard.ts'

function refusal(url: string, allowed: readonly string[] = []): HarnessError {
  try {
    guardUrl(url, allowed, 'target')
  } catch (error) {
    return error as HarnessError
  }
  throw new Error(`${url} was accepted`)
}

test.each([
  'http://127.0.0.1:8080',
  'https://127.0.0.1',
  'http://127.1.2.3:1/api',
  'http://localhost:3000',
  'http://LOCALHOST:3000',
  'http://[::1]:8080',
  'http://[0:0:0:0:0:0:0:1]:8080',
  // The URL parser reads these as 127.0.0.1, and so does every client.
  'http://2130706433',
  'http://0x7f.1',
  'http://0177.0.0.1:8080',
  'http://127.1:8080',
])('%s is this machine', url => {
  expect(() => guardUrl(url, [], 'target')).not.toThrow()
})

test.each([
  'http://127.0.0.1.evil.com',
  'http://127.0.0.1@evil.com',
  'http://localhost@evil.com:80',
  'http://localhost.evil.com',
  'http://evil-localhost',
  'http://app.localhost',
  'http://localhost.',
  'http://0.0.0.0:8080',
  'http://0',
  'http://[::]',
  'http://[::ffff:8.8.8.8]',
  'http://10.0.0.1',
  'http://192.168.1.10:8080',
  'http://172.16.0.1',
  'http://169.254.169.254/latest/meta-data',
  'http://[fe80::1]',
  'http://[fd00::1]',
  'http://128.0.0.1',
  'https://example.test',
  'http://evil.com#127.0.0.1',
  'http://evil.com\\@127.0.0.1',
])('%s is not this machine, and nothing is sent there', url => {
  const error = refusal(url)
  expect(error.code).toBe('NOT_ALLOWED')
  expect(error.message).toContain('nothing was sent')
  expect(error.hint).toContain('--allow-host')
})

test('an allowed host is allowed by its exact name only', () => {
  expect(() => guardUrl('http://staging.test:8080', ['staging.test'], 'target')).not.toThrow()
  expect(refusal('http://evil.staging.test', ['staging.test']).code).toBe('NOT_ALLOWED')
  expect(refusal('http://staging.test.evil.com', ['staging.test']).code).toBe('NOT_ALLOWED')
})

test.each([
  ['nothing', ''],
  ['a word', 'staging'],
  ['a path', '/login'],
  ['a file', 'file:///etc/passwd'],
  ['another scheme', 'ftp://127.0.0.1'],
  ['a script', 'javascript:alert(1)'],
  ['a user name', 'http://me@127.0.0.1'],
  ['a password', 'http://me:secret@127.0.0.1'],
  ['a query', 'http://127.0.0.1/?a=b'],
  ['a fragment', 'http://127.0.0.1/#a'],
])('a base URL that is %s is a configuration error', (_what, url) => {
  const error = refusal(url)
  expect(error.code).toBe('CONFIG')
  expect(error.message).not.toContain('secret')
})

test('names below localhost are left to nobody’s resolver', () => {
  expect(isLoopback('localhost')).toBe(true)
  expect(isLoopback('a.localhost')).toBe(false)
})

test('host and port are spelt out as target.allow names them', () => {
  expect(hostAndPort('http://127.0.0.1')).toBe('127.0.0.1:80')
  expect(hostAndPort('https://LOCALHOST/x')).toBe('localhost:443')
  expect(hostAndPort('http://[::1]:8080')).toBe('[::1]:8080')
})
