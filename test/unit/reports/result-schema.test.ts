import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import json from '../../../reports/json.ts'
import { type resultSchema, resultSchemaText } from '../../../scripts/result-schema.ts'
import type { Result } from '../../../src/contract/result.ts'
import { judge } from '../../../src/judge/judge.ts'
import { samples } from '../../golden/samples.ts'
import { planOf } from '../judge/evidence-builder.ts'

const committed = readFileSync(new URL('../../../reports/schema/result-1.json', import.meta.url), 'utf8')

describe('the published schema of the result document', () => {
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(JSON.parse(committed))
  const errorsOf = (document: unknown): string[] => {
    validate(document)
    return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)
  }

  it('is the one that is generated', () => expect(committed).toBe(resultSchemaText()))

  it('mirrors the type in both directions', () => {
    expectTypeOf<z.output<typeof resultSchema>>().toExtend<Result>()
    expectTypeOf<Result>().toExtend<z.input<typeof resultSchema>>()
  })

  it.each([...samples.map(({ name, result }) => [name, result] as const), ['empty ledger', judge([], planOf(), [])] as const])(
    'accepts what the judge made of %s, as it is written',
    (_name, result) => expect(errorsOf(JSON.parse(json.render(result)))).toEqual([]),
  )

  it('refuses a verdict, a version or a figure that there is not', () => {
    const result = samples[0]!.result
    expect(errorsOf({ ...result, verdict: 'green' })).not.toEqual([])
    expect(errorsOf({ ...result, schemaVersion: '2.0.0' })).not.toEqual([])
    expect(errorsOf({ ...result, gates: [{ ...result.gates[0], observed: 'fast' }] })).not.toEqual([])
    const { reasons: _, ...without } = result
    expect(errorsOf(without)).not.toEqual([])
  })

  it('tolerates fields of later minor versions', () => expect(errorsOf({ ...samples[0]!.result, later: 1 })).toEqual([]))
})
