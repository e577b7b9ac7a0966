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

/** Fastify's tree of routes as `METHOD /path`, parameters written as OpenAPI does. HEAD comes with each GET. */
function routes(): string[] {
  const parents: string[] = []
  const found: string[] = []
  for (const line of patient.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^([│ ]*)(?:├──|└──) (\S+) \(([^)]+)\)$/.exec(line)
    if (match === null) continue
    const [, indent = '', part = '', methods = ''] = match
    const depth = indent.length / 4
    const path = parents.slice(0, depth).join('') + part
    parents.splice(depth, parents.length, part)
    for (const method of methods.split(', ')) if (method !== 'HEAD') found.push(`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  }
  return found.sort()
}

it('is an OpenAPI 3.1 document by the specification’s own schema', async () => {
  expect(document.openapi).toBe('3.1.0')
  expect(await new Validator().validate({ ...document })).toEqual({ valid: true })
})

it('describes every route there is and none besides', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
  )
  expect(routes().length).toBeGreaterThan(20)
  expect(described.sort()).toEqual(routes())
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
