import { expect, vi } from 'vitest'
import type { Witnesses } from './witness.ts'

const NUMBER = '13500000001'

export const edges: Witnesses = {
  'error-boundary=absent': async patient => {
    const answer = await patient.login('13500000001', { token: null })
    expect(answer.status).toBe(500)
    expect(answer.json.error.message).toMatch(/\bat .*:\d+:\d+/)
    expect((await patient.postText('/v1/nonce', '{')).status).toBe(500)
    expect((await patient.login('13500000001', { nonce: 'A'.repeat(22) })).status).toBe(401)
  },
  'error-boundary=verbose-errors': async patient => {
    const answer = await patient.login(NUMBER, { nonce: 'A'.repeat(22) })
    expect(answer.status).toBe(401)
    expect(answer.json.error.message).toMatch(/\bat .*:\d+:\d+/)
  },
  'connection-deadlines=no-conn-deadline': async patient => {
    const { requestTimeout, headersTimeout } = patient.app.server
    expect([requestTimeout, headersTimeout]).toEqual([0, 0])
  },
  'input-bounds=no-size-limit': async patient => {
    expect((await patient.post('/v1/nonce', { padding: 'x'.repeat(2_000_000) })).status).toBe(200)
  },
  'input-bounds=costly-validator': async patient => {
    const long = { identifier: `${'a'.repeat(300)}@example.com`, password: 'x'.repeat(5000) }
    expect((await patient.post('/v1/login/password', long)).status).toBe(401)
  },
  'number-masked=full-number-out': async patient => {
    const { tokenA } = (await patient.login(NUMBER)).json
    expect((await patient.me(tokenA)).text).toContain(NUMBER)
  },
  'number-masked=thin-mask': async patient => {
    const { tokenA } = (await patient.login(NUMBER)).json
    const profile: string = (await patient.me(tokenA)).json.account.maskedNumber
    const identities: string = (await patient.call('GET', '/v1/identities', { as: tokenA })).json.identities[0].masked
    const hidden = [...profile].filter((sign, i) => sign === '*' && identities[i] === '*')
    expect(hidden.length).toBeLessThan(4)
  },
  'log-lines=pii-in-logs': async patient => {
    const lines = await logged(() => patient.login(NUMBER))
    expect(lines).toContain(NUMBER)
    expect(lines).toContain('STsid')
  },
  'log-lines=raw-headers-logs': async patient => {
    const lines = await logged(() => patient.login(NUMBER, { deviceId: 'x\nlogin forged ip=192.0.2.1 device=y' }))
    expect(lines).toMatch(/^login forged ip=192\.0\.2\.1/m)
  },
}

/** What goes to stderr meanwhile. */
async function logged(doing: () => Promise<unknown>): Promise<string> {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    await doing()
    return write.mock.calls.map(([text]) => String(text)).join('')
  } finally {
    write.mockRestore()
  }
}
