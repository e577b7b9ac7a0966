import { BACKEND_NAME, BACKEND_VERSION } from '../version.ts'
import { PATHS } from './paths.ts'
import { type Schema, text } from './schema.ts'
import { SCHEMAS } from './schemas.ts'

/** The backend's interface as OpenAPI 3.1, as it speaks REST. */
export function openApiDocument(): Schema {
  return {
    openapi: '3.1.0',
    info: {
      title: BACKEND_NAME,
      version: BACKEND_VERSION,
      description: 'A login backend for people who are known by their phone number. Refusals are `{error: {code, message}}`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: PATHS,
    components: {
      schemas: SCHEMAS,
      parameters: {
        Ticket: { name: 'x-reauth', in: 'header', description: 'A ticket of POST /v1/reauth, good once.', schema: text },
      },
      securitySchemes: { session: { type: 'http', scheme: 'bearer', description: '`tokenA` of a login.' } },
    },
  }
}
