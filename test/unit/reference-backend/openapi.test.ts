import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Patient, startPatient } from './patient.ts'

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}

interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

let patient: Patient
let document: Document
beforeAll(async () => {
  patient = await startPatient()
  document = (await patient.call('GET', '/openapi.json')).json as Document
})
afterAll(() => patient?.close())

/** Every path in Fastify's tree, parameters written as OpenAPI does. */
function paths(): string[] {
  const parents: string[] = []
  const found = new Set<string>()
  for (const line of patient.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^([│ ]*)(?:├──|└──) (\S+) \(([^)]+)\)$/.exec(line)
    if (match === null) continue
    const [, indent = '', part = ''] = match
    const depth = indent.length / 4
    const path = parents.slice(0, depth).join('') + part
    parents.splice(depth, parents.length, part)
    found.add(path.replaceAll(/:(\w+)/g, '{$1}'))
  }
  return [...found]
}

/** `METHOD /path` of every route, by what each path says it allows. HEAD comes with each GET. */
async function routes(): Promise<string[]> {
  const found: string[] = []
  for (const path of paths()) {
    const { headers } = await patient.app.inject({ method: 'TRACE' as 'GET', url: path })
    for (const method of String(headers.allow).split(', ')) if (method !== 'HEAD') found.push(`${method} ${path}`)
  }
  return found.sort()
}

it('is an OpenAPI 3.1 document by the specification’s own schema', async () => {
  expect(document.openapi).toBe('3.1.0')
  expect(await new Validator().validate({ ...document })).toEqual({ valid: true })
})

it('describes every route there is and none besides', async () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
  )
  const there = await routes()
  expect(there.length).toBeGreaterThan(20)
  expect(described.sort()).toEqual(there)
})

it('tells the truth about replies: those of a login, of what follows it and of refusals fit their schemas', async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'document', ...document })
  const fits = (method: string, path: string, { status, json }: { status: number; json: unknown }): void => {
    const schema = document.paths[path]?.[method]?.responses[String(status)]?.content?.['application/json']?.schema
    expect(schema, `${method} ${path} ${status}`).toBeDefined()
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object
    expect(ajv.validate(absolute, json), `${method} ${path} ${status}: ${ajv.errorsText()}`).toBe(true)
  }
  fits('post', '/v1/nonce', await patient.post('/v1/nonce', {}))
  const login = await patient.login('13500000031')
  fits('post', '/v1/login/one-tap', login)
  fits('post', '/v1/login/one-tap', await patient.login('13500000031', { nonce: 'A'.repeat(22) }))
  fits('post', '/v1/login/one-tap', await patient.login('13500000031', { nonce: 7 }))
  fits('get', '/v1/me', await patient.me(login.json.tokenA))
  fits('get', '/v1/me', await patient.me('nothing'))
  fits('get', '/v1/audit', await patient.call('GET', '/v1/audit', { as: login.json.tokenA }))
  fits('get', '/v1/identities', await patient.call('GET', '/v1/identities', { as: login.json.tokenA }))
  fits('post', '/v1/refresh', await patient.post('/v1/refresh', { refreshToken: login.json.refreshToken }))
  fits('post', '/v1/carrier/rebind', await patient.rebind({}))
  fits('get', '/healthz', await patient.call('GET', '/healthz'))
})

it('is not there in dialects it would not be true of', async () => {
  const other = await startPatient({ DIALECT: 'renamed' })
  expect((await other.call('GET', '/openapi.json')).status).toBe(404)
  await other.close()
})

it('answers other methods on a path that is there with 405 and what is allowed, before it looks at a body', async () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const url = path.replace(/\{\w+\}/, 'x')
    const described = Object.keys(methods).map(method => method.toUpperCase())
    for (const method of ['PUT', 'DELETE', 'TRACE'].filter(one => !described.includes(one))) {
      const options = { method: method as 'PUT', url, payload: '{', headers: { 'content-type': 'application/json' } }
      const answer = await patient.app.inject(options)
      expect({ url, status: answer.statusCode, code: answer.json().error.code }).toEqual({
        url,
        status: 405,
        code: 'METHOD_NOT_ALLOWED',
      })
      for (const one of described) expect(String(answer.headers.allow).split(', ')).toContain(one)
    }
  }
})

it('states shapes of requests as they are: what its schema takes is not called malformed, what it does not take is', async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'document', ...document })
  const takes = (name: string, body: unknown): boolean => ajv.validate({ $ref: `document#/components/schemas/${name}` }, body)
  const bodies: [string, string, unknown][] = [
    ['SmsWish', '/v1/sms/code', { number: '+8613700000001', purpose: 'login' }],
    ['SmsWish', '/v1/sms/code', { number: '12000000001', purpose: 'login' }],
    ['SmsWish', '/v1/sms/code', { number: '13700000001', purpose: 'confirmed' }],
    ['SmsLogin', '/v1/login/sms', { number: '13700000001', code: '000000' }],
    ['SmsLogin', '/v1/login/sms', { number: '13700000001', code: '٠٠٠٠٠٠' }],
    ['PasswordLogin', '/v1/login/password', { identifier: 'a@b', password: 'x' }],
    ['PasswordLogin', '/v1/login/password', { identifier: 'ａ@b', password: 'x' }],
    ['PasswordReset', '/v1/password/reset', { number: '13700000001', code: '000000', password: '😀'.repeat(128) }],
    ['PasswordReset', '/v1/password/reset', { number: '13700000001', code: '000000', password: '😀'.repeat(129) }],
    ['ThirdPartyLogin', '/v1/login/third-party', { provider: 'wechat', code: 'x' }],
    ['ThirdPartyLogin', '/v1/login/third-party', { provider: 'wechat', accessToken: 'x' }],
    ['OneTap', '/v1/login/one-tap', { carrier: 'alibaba', token: 'x'.repeat(16), nonce: 'A'.repeat(22) }],
    ['OneTap', '/v1/login/one-tap', { carrier: 'jiguang', token: 'x'.repeat(16), nonce: 'A'.repeat(22) }],
    ['NonceWish', '/v1/nonce', { deviceId: '' }],
    ['Refresh', '/v1/refresh', { refreshToken: 'x' }],
  ]
  for (const [name, path, body] of bodies)
    expect([path, body, (await patient.post(path, body)).status !== 400]).toEqual([path, body, takes(name, body)])
  expect(new Set(bodies.map(([name, , body]) => takes(name, body)))).toEqual(new Set([true, false]))
})
