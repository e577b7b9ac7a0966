import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect } from 'vitest'

/** The published API files by their name; docs/third-party.md says where they come from. */
export type ApiFile =
  | 'number-verification'
  | 'sim-swap'
  | 'sim-swap-subscriptions'
  | 'number-recycling'
  | 'one-time-password-sms'
  | 'device-swap'

interface ResponseObject {
  $ref?: string
  content?: Record<string, { schema: unknown }>
}

interface ApiDocument {
  paths: Record<string, Record<string, { responses: Record<string, ResponseObject> }>>
}

const BASE: Record<ApiFile, string> = {
  'number-verification': '/number-verification/v2',
  'sim-swap': '/sim-swap/v2',
  'sim-swap-subscriptions': '/sim-swap-subscriptions/v0.3',
  'number-recycling': '/number-recycling/v0.2',
  'one-time-password-sms': '/one-time-password-sms/v1',
  'device-swap': '/device-swap/v1',
}

/** Statuses every API may answer although no file lists them (Commonalities). */
const ALWAYS_ALLOWED = [405, 415, 500, 429]

const ajv = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: {
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
    date: /^\d{4}-\d\d-\d\d$/,
    uri: text => URL.canParse(text),
    'uri-reference': text => URL.canParse(text, 'http://base.example'),
    int32: true,
  },
})

const documents = new Map<ApiFile, ApiDocument>()
for (const name of Object.keys(BASE) as ApiFile[]) {
  const text = readFileSync(new URL(`./fixtures/camara/${name}.json`, import.meta.url), 'utf8')
  documents.set(name, JSON.parse(text) as ApiDocument)
  ajv.addSchema(JSON.parse(text), name)
}

/** Fails unless the specification of the path's API allows this answer. */
export function expectSpecified(method: string, path: string, status: number, body: unknown): void {
  const name = (Object.keys(BASE) as ApiFile[]).find(file => path.startsWith(`${BASE[file]}/`))!
  const { paths } = documents.get(name)!
  const wanted = path.slice(BASE[name].length)
  const template = Object.keys(paths).find(one => new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(wanted))!
  const responses = paths[template]?.[method.toLowerCase()]?.responses ?? {}
  const response = responses[String(status)]
  if (response === undefined) {
    expect(ALWAYS_ALLOWED, `${method} ${path} answers ${status}, which no file allows`).toContain(status)
    expectSchema(name, 'ErrorInfo', body)
    return
  }
  const pointer = response.$ref?.slice(1) ?? `/paths/${escaped(template)}/${method.toLowerCase()}/responses/${status}`
  const content = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key.replaceAll('~1', '/')], documents.get(name))
  const [type] = Object.keys((content as ResponseObject).content ?? {})
  if (type === undefined) expect(body).toBeUndefined()
  else check(`${name}#${pointer}/content/${escaped(type)}/schema`, body)
}

/** Fails unless the value fits a named schema of an API file. */
export function expectSchema(name: ApiFile, schema: string, value: unknown): void {
  check(`${name}#/components/schemas/${schema}`, value)
}

function check($ref: string, value: unknown): void {
  const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref })
  validate(withHttpsSinks(value))
  expect(validate.errors ?? [], `${$ref}: ${JSON.stringify(value)}`).toEqual([])
}

/** Sinks must be https; the mock's switch for plain HTTP on this machine is the one thing in which it leaves the specification. */
function withHttpsSinks(value: unknown): unknown {
  return value === undefined
    ? value
    : JSON.parse(JSON.stringify(value).replaceAll('"sink":"http://127.0.0.1', '"sink":"https://127.0.0.1'))
}

function escaped(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1')
}
