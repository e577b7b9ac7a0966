import { X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mobileLogin } from './backend-side.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ tls: true, carriers: ['china-mobile'] })
})
afterAll(() => mocks.close())

function login(host: string, token: string, ca: string | undefined): Promise<string> {
  const body = JSON.stringify(mobileLogin(mocks.ready.environment, token))
  const { port } = new URL(mocks.url('china-mobile'))
  const options = { host, port, method: 'POST', path: '/unisdk/rsapi/loginTokenValidate', agent: false } as const
  return new Promise((resolve, reject) => {
    request({ ...options, headers: { 'content-type': 'application/json' }, ...(ca === undefined ? {} : { ca }) })
      .on('error', reject)
      .on('response', response => {
        let text = ''
        response.setEncoding('utf8').on('data', chunk => {
          text += chunk
        })
        response.on('end', () => resolve(text))
      })
      .end(body)
  })
}

describe('mocks over TLS', () => {
  it('give https addresses, and the control plane stays plain on loopback', () => {
    expect(mocks.url('china-mobile')).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(mocks.ready.environment.CMCC_URL).toBe(mocks.url('china-mobile'))
    expect(mocks.ready.controlUrl).toMatch(/^http:/)
  })

  it.each(['127.0.0.1', 'localhost'])('are trusted as %s by whoever trusts their authority, and redeem tokens', async host => {
    const { token } = await mocks.token(await mocks.fresh('china-mobile'))
    expect(await login(host, token, mocks.ready.caPem)).toContain('"resultCode":"103000"')
  })

  it('are not trusted by anybody else', async () => {
    await expect(login('127.0.0.1', 'x', undefined)).rejects.toThrow(/certificate/)
  })

  it('have an authority that can sign nothing further, and a certificate that can sign nothing at all', async () => {
    const authority = new X509Certificate(mocks.ready.caPem!)
    expect(authority.ca).toBe(true)
    const leaf = await new Promise<X509Certificate>(resolve => {
      const { port } = new URL(mocks.url('china-mobile'))
      const socket = connect({ port: Number(port), host: '127.0.0.1', ca: mocks.ready.caPem! }, () => {
        resolve(new X509Certificate(socket.getPeerX509Certificate()!.raw))
        socket.destroy()
      })
    })
    expect(leaf.ca).toBe(false)
    expect(leaf.verify(authority.publicKey)).toBe(true)
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(leaf.checkHost('carrier.example')).toBeUndefined()
    const days = (Date.parse(leaf.validTo) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(28)
    expect(days).toBeLessThan(31)
  })

  it('have another authority at each start', async () => {
    const others = await startedMocks({ tls: true, carriers: ['china-mobile'] })
    await others.close()
    expect(others.ready.caPem).not.toBe(mocks.ready.caPem)
  })

  it('reset a connection as they do without TLS', async () => {
    await mocks.behave({ faults: [{ id: 'reset', share: 1 }] })
    const { token } = await mocks.token(await mocks.fresh('china-mobile'))
    await expect(login('127.0.0.1', token, mocks.ready.caPem)).rejects.toThrow(/ECONNRESET|socket hang up/)
    expect(await mocks.rows(token)).toMatchObject([{ fault: 'reset' }])
  })
})
