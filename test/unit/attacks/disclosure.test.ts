import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { codeDisclosures, disclosures, numberDisclosures } from '../../../attacks/kit/disclosure.ts'

const NUMBER = '13812345678'
const base64 = (text: string): string => Buffer.from(text).toString('base64url')

describe('a number is found', () => {
  it.each([
    ['as it is', `{"n":"${NUMBER}"}`],
    ['as it is, after a country code', `+86${NUMBER}`],
    ['in the payload of a JWT', `${base64('{"alg":"HS256"}')}.${base64(`{"sub":"a","phone":"${NUMBER}"}`)}.c2ln`],
    ['in base64 that begins in the middle of a word', `x${Buffer.from(`ab${NUMBER}`).toString('base64')}`],
    ['in hex', Buffer.from(NUMBER).toString('hex')],
    ['in upper-case hex', Buffer.from(NUMBER).toString('hex').toUpperCase()],
    ['backwards', [...NUMBER].reverse().join('')],
    ['percent-encoded', [...NUMBER].map(digit => `%3${digit}`).join('')],
    ['in JSON escapes', [...NUMBER].map(digit => `\\u003${digit}`).join('')],
    ['with spaces', '138 1234 5678'],
    ['with dashes', 'tel 138-1234-5678.'],
  ])('%s', (_, text) => {
    expect(numberDisclosures(text, NUMBER)).not.toEqual([])
  })

  it.each(['138****5678', '13812345679', base64('{"phone":"138****5678"}'), '', '1381234 5678'])('not in %j', text => {
    expect(numberDisclosures(text, NUMBER)).toEqual([])
  })
})

it('a token is found whatever its case is made', () => {
  expect(disclosures('token=ABCDEF0123456789', 'abcdef0123456789')).toEqual(['as it is'])
})

describe('a code is found', () => {
  const digest = (algorithm: string) => createHash(algorithm).update('483920').digest()

  it.each([
    ['as it is', '{"debugCode":"483920"}'],
    ['as MD5', digest('md5').toString('hex')],
    ['as SHA-1 in capitals', digest('sha1').toString('hex').toUpperCase()],
    ['as SHA-256 in base64', digest('sha256').toString('base64')],
    ['in base64', Buffer.from('483920').toString('base64')],
  ])('%s', (_, text) => {
    expect(codeDisclosures(text, '483920')).not.toEqual([])
  })

  it.each(['{"expiresInMs":300000}', '1483920', '4839201', '{"sent":true}'])('not in %j', text => {
    expect(codeDisclosures(text, '483920')).toEqual([])
  })
})
