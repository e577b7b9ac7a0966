import type { FastifyInstance } from 'fastify'
import { MOCKS_VERSION } from '../version.ts'
import type { ApiOperation } from './open-api/operation.ts'
import { OPERATIONS } from './open-api/operations.ts'
import { SCHEMAS } from './open-api/schemas.ts'

/** The control plane in OpenAPI 3.1, written from the rows in open-api/. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'onetap mocks: control plane',
      version: MOCKS_VERSION,
      description: 'What the harness, tests and people tell the mock providers and learn from them. Loopback unless told.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: SCHEMAS,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'controlToken of the line the mocks print.' } },
      responses: {
        Refused: {
          description: 'Refused: what is wrong, and what to do about it.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  }
}

export function addOpenApiRoute(app: FastifyInstance): void {
  app.get('/__onetap/openapi.json', () => openApiDocument())
}

function described({ method, path, summary, open, query, body, mergePatch, reply, replyType }: ApiOperation): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(query ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }))
  const parameters = [...inPath, ...inQuery]
  const types = mergePatch === true ? ['application/merge-patch+json', 'application/json'] : ['application/json']
  return {
    operationId: [method, ...path.replace('/__onetap', '').split(/[^A-Za-z0-9]+/)].filter(word => word !== '').join('-'),
    summary,
    ...(open === true ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { content: Object.fromEntries(types.map(type => [type, { schema: body }])) } }),
    responses: {
      200: { description: 'Done.', content: { [replyType ?? 'application/json']: { schema: reply } } },
      default: { $ref: '#/components/responses/Refused' },
    },
  }
}
