import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import demo from '../../../onetap.config.ts'
import { CONFIG_SCHEMA_FILE, configSchemaText } from '../../../scripts/config-schema.ts'

const validator = () =>
  new Ajv2020({ formats: { uri: true, date: true } }).compile(JSON.parse(readFileSync(CONFIG_SCHEMA_FILE, 'utf8')))

test('the published JSON Schema is the one the code would write now', () => {
  expect(readFileSync(CONFIG_SCHEMA_FILE, 'utf8')).toBe(configSchemaText())
})

test('the published JSON Schema accepts the config of the demo', () => {
  const validate = validator()
  expect(validate(JSON.parse(JSON.stringify(demo))), JSON.stringify(validate.errors)).toBe(true)
})

test('the published JSON Schema refuses what the program refuses', () => {
  const validate = validator()
  expect(validate({ target: {}, laod: {} })).toBe(false)
  expect(validate({ target: {}, load: { shape: { kind: 'closed', users: 0, durationMs: 5000 } } })).toBe(false)
  expect(validate({})).toBe(false)
})
