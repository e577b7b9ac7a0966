import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ControlPorts, controlPlane } from '../../../mocks/control/control-plane.ts'
import { OPERATIONS } from '../../../mocks/control/open-api/operations.ts'
import { SCHEMAS } from '../../../mocks/control/open-api/schemas.ts'
import { openApiDocument } from '../../../mocks/control/open-api-route.ts'
import { mobileLogin, postMobileLogin } from './backend-side.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

/** As Fastify writes a path. */
const routeOf = (method: string, path: string): string => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`

describe('the OpenAPI document', () => {
  it('is one that a validator accepts', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(openApiDocument()) as never)
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
  })

  it('describes exactly the routes there are', () => {
    const app = controlPlane({ controlToken: 'x', dialects: [] } as unknown as ControlPorts)
    expect(OPERATIONS.map(({ method, path }) => routeOf(method, path)).sort()).toEqual([...app.controlRoutes].sort())
  })

  it('gives each operation an id of its own', () => {
    const { paths } = openApiDocument() as { paths: Record<string, Record<string, { operationId: string }>> }
    const ids = Object.values(paths).flatMap(path => Object.values(path).map(({ operationId }) => operationId))
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('what the control plane answers', () => {
  let mocks: StartedMocks
  beforeAll(async () => {
    mocks = await startedMocks()
  })
  afterAll(() => mocks.close())

  const validatorOf = (schema: object) =>
    new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile({ ...schema, components: { schemas: SCHEMAS } })

  it.each([
    ['get', '/__onetap/identity', undefined],
    ['get', '/__onetap/health', undefined],
    ['get', '/__onetap/openapi.json', undefined],
    ['patch', '/__onetap/faults', { hang: { share: 0, holdMs: 1 } }],
    ['get', '/__onetap/behaviour', undefined],
    ['post', '/__onetap/clock', { advanceMs: 1 }],
    ['post', '/__onetap/subscribers', {}],
    ['post', '/__onetap/tokens', { fresh: true }],
    ['get', '/__onetap/journal', undefined],
    ['post', '/__onetap/journal/query', {}],
    ['get', '/__onetap/journal/totals', undefined],
    ['post', '/__onetap/verify', { match: { signature: 'bad' } }],
    ['get', '/__onetap/snapshot', undefined],
    ['post', '/__onetap/sms/query', {}],
    ['post', '/__onetap/notices/flush', undefined],
    ['delete', '/__onetap/journal', undefined],
    ['post', '/__onetap/reset', undefined],
  ])('%s %s is as the document says', async (method, path, body) => {
    const { environment } = mocks.ready
    await postMobileLogin(environment, mobileLogin(environment, (await mocks.token(await mocks.fresh('china-mobile'))).token))
    const operation = OPERATIONS.find(one => one.method === method && one.path === path)!
    const answer = await mocks.control(method.toUpperCase(), path.replace('/__onetap', ''), body)
    expect(answer.status).toBe(200)
    const validate = validatorOf(operation.reply)
    expect(validate(answer.body), JSON.stringify(validate.errors)).toBe(true)
    if (operation.body !== undefined) expect(validatorOf(operation.body)(body)).toBe(true)
  })
})
