import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { reports } from '../../reports/index.ts'
import { parseResult } from '../../reports/json.ts'
import { migrateResult, RESULT_VERSION } from '../../src/contract/migrate-result.ts'

const versions = new URL('./versions/', import.meta.url)
const schema = JSON.parse(readFileSync(new URL('../../reports/schema/result-1.json', import.meta.url), 'utf8')) as object
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema)

/** Documents as that version wrote them; they are never changed. */
const documents = readdirSync(versions).flatMap(version =>
  readdirSync(new URL(`${version}/`, versions)).map((name): [string, string, string] => [
    version,
    name,
    readFileSync(new URL(`${version}/${name}`, versions), 'utf8'),
  ]),
)

describe.each(documents)('a result of version %s (%s)', (version, _name, text) => {
  it('is one of today after migration, by the published schema', () => {
    const result = parseResult(text)
    expect(result.schemaVersion).toBe(RESULT_VERSION)
    validate(result)
    expect((validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)).toEqual([])
  })

  it('keeps its verdict and every figure', () => {
    const old = JSON.parse(text) as Record<string, unknown>
    expect(old.schemaVersion).toBe(version)
    const { schemaVersion: _, gates: __, ...now } = parseResult(text)
    const { schemaVersion: ___, gates: ____, ...then } = old
    expect(now).toEqual(then)
    expect(parseResult(text).gates).toMatchObject(old.gates as object[])
  })

  it('gives every report, the same bytes each time', () => {
    for (const report of reports) {
      const [first, second] = [parseResult(text), parseResult(text)].map(result => report.render(result))
      expect(first === second, report.id).toBe(true)
    }
  })
})

it('every version that was ever written has its documents, but for the present one', () => {
  expect([...new Set(documents.map(([version]) => version))]).toEqual(['1.0.0'])
  expect(RESULT_VERSION).toBe('1.1.0')
})

it('a document of today goes through unchanged, a later minor one as it is, another major one not at all', () => {
  const today = { schemaVersion: RESULT_VERSION, gates: [{ id: 'x' }] }
  expect(migrateResult(today)).toEqual(today)
  expect(migrateResult({ schemaVersion: '1.9.0', later: 1 })).toEqual({ schemaVersion: '1.9.0', later: 1 })
  for (const version of ['2.0.0', '0.9.0', '1', undefined]) {
    expect(() => migrateResult({ schemaVersion: version })).toThrow('no result document of version 1')
  }
})
