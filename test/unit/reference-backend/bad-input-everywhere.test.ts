import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PATHS } from '../../../reference-backend/openapi/paths.ts'
import { type Patient, startPatient } from './patient.ts'

const folder = mkdtempSync(join(tmpdir(), 'onetap-bad-input-'))
const file = join(folder, 'accounts.sqlite')

let patient: Patient
let tokenA: string
beforeAll(async () => {
  patient = await startPatient({ SQLITE_PATH: file })
  tokenA = (await patient.login('13812345678')).json.tokenA
  await patient.backend.flows.audit.drain()
})
afterAll(async () => {
  await patient.close()
  rmSync(folder, { recursive: true })
})

/** Every row of every table. */
function stored(): unknown {
  const database = new DatabaseSync(file, { readOnly: true })
  const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all()
  const rows = names.map(({ name }) => [name, database.prepare(`SELECT * FROM ${String(name)}`).all()])
  database.close()
  return rows
}

interface Operation {
  requestBody?: object
  security?: object
  responses: Record<string, unknown>
}

// Held against the routes themselves by openapi.test.ts.
const operations = Object.entries(PATHS).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
    path,
    method: method.toUpperCase(),
    operation,
  })),
)

const BROKEN = [
  '{',
  '',
  'null',
  '[]',
  '"text"',
  '0',
  '{}',
  '{"__proto__":{"purpose":"login"}}',
  '{"constructor":{"prototype":{"number":"13812345678"}}}',
  '['.repeat(8000),
  '{"number":{"$ne":null},"code":{"$gt":""},"identifier":{"$regex":"."},"password":{"$ne":1},"purpose":["login"],"deviceId":{}}',
  '{"carrier":["china-mobile"],"token":{"$ne":1},"nonce":{"$gt":""},"provider":{},"refreshToken":[],"nickname":7,"type":0}',
  `{"nickname":"${'x'.repeat(41)}","avatar":"javascript:alert(1)","deviceId":"\\u0000"}`,
  JSON.stringify({ deviceId: 'x'.repeat(129), nickname: '\ud800', number: '１３８１２３４５６７８', purpose: 'login' }),
]

it.each(operations.map(one => [`${one.method} ${one.path}`, one] as const))(
  '%s answers what is documented to whatever is broken, without a word about the inside, and keeps nothing of it',
  async (_name, { method, path, operation }) => {
    const before = stored()
    const bodies = operation.requestBody === undefined ? ['{', '[]'] : BROKEN
    for (const payload of bodies) {
      for (const headers of [
        {},
        { authorization: `Bearer ${tokenA}` },
        { authorization: 'Bearer a.b.c', 'x-reauth': '\ud83d' },
      ]) {
        // Logged out once, a session answers nothing else.
        if (path.startsWith('/v1/logout') && 'authorization' in headers && headers.authorization.endsWith(tokenA)) continue
        const answer = await patient.app.inject({
          method: method as 'POST',
          url: path.replace('{type}', 'phone').replace('{id}', 'x'),
          payload,
          headers: { 'content-type': 'application/json', ...headers },
        })
        const { statusCode: status, payload: text } = answer
        const said = { payload: payload.slice(0, 100), headers: Object.keys(headers), text }
        expect(Object.keys(operation.responses), JSON.stringify(said)).toContain(String(status))
        if (operation.requestBody !== undefined && !(payload === '' && path === '/v1/nonce')) {
          const broken = path === '/v1/nonce' || path === '/v1/me' ? [200, 400, 401] : [400, 401, 403]
          expect(broken, JSON.stringify(said)).toContain(status)
        }
        if (status >= 400)
          expect(answer.json()).toEqual({ error: { code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String) } })
        expect(text).not.toMatch(/\bat .*:\d+:\d+|node_modules|(?<!\d)1[3-9]\d{9}(?!\d)/)
      }
    }
    await patient.backend.flows.audit.drain()
    expect(stored()).toEqual(before)
    expect(patient.outside.sms).toEqual([])
    expect(({} as Record<string, unknown>).purpose).toBeUndefined()
  },
)
