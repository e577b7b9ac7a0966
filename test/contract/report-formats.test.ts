import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import Ajv4Import from 'ajv-draft-04'
import addFormatsImport from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import ctrf from '../../reports/ctrf.ts'
import gitlabQuality from '../../reports/gitlab-quality.ts'
import junit from '../../reports/junit.ts'
import openmetrics from '../../reports/openmetrics.ts'
import sarif from '../../reports/sarif.ts'
import type { Result } from '../../src/contract/result.ts'
import { hostileResult } from '../e2e/hostile-result.ts'
import { samples } from '../golden/samples.ts'
import { parseOpenMetrics, parserTrouble } from './openmetrics-parser.ts'

// CommonJS packages whose types say that the module is the default export.
const Ajv4 = Ajv4Import as unknown as typeof Ajv4Import.default
const addFormats = addFormatsImport as unknown as typeof addFormatsImport.default

const fixture = (name: string): string => readFileSync(new URL(`./fixtures/report-formats/${name}`, import.meta.url), 'utf8')

// A pattern of the SARIF schema is none under the `u` flag.
const options = { strict: false, allErrors: true, unicodeRegExp: false }
const sarifSchema = new Ajv4(options)
addFormats(sarifSchema)
const validators = {
  sarif: sarifSchema.compile(JSON.parse(fixture('sarif-2.1.0-rtm.5.json'))),
  ctrf: addFormats(new Ajv(options)).compile(JSON.parse(fixture('ctrf-schema-0.0.json'))),
  gitlab: addFormats(new Ajv(options)).compile(JSON.parse(fixture('gitlab-code-quality.json'))),
}

function errorsOf(name: keyof typeof validators, text: string): string[] {
  const validate = validators[name]
  validate(JSON.parse(text))
  return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)
}

const results: [string, Result][] = [
  ...samples.map(({ name, result }): [string, Result] => [name, result]),
  ...samples.map(({ name, result }): [string, Result] => [`${name}, hostile`, hostileResult(result)]),
]

describe.each(results)('the reports of %s', (_name, result) => {
  it('are SARIF by the published schema', () => expect(errorsOf('sarif', sarif.render(result))).toEqual([]))
  it('are CTRF by the published schema', () => expect(errorsOf('ctrf', ctrf.render(result))).toEqual([]))
  it('are GitLab code quality by its documentation', () => expect(errorsOf('gitlab', gitlabQuality.render(result))).toEqual([]))

  it('are JUnit by the schema of Jenkins’ xUnit plug-in', async () => {
    const checked = await validateXML({
      xml: { fileName: 'junit.xml', contents: junit.render(result) },
      schema: { fileName: 'junit-10.xsd', contents: fixture('junit-10.xsd') },
    })
    expect(checked.errors.map(error => error.message)).toEqual([])
  })
})

describe('the validators bite on', () => {
  const result = samples.find(({ name }) => name === 'fail')!.result

  it.each([
    ['a result without a message', 'sarif', sarif.render(result).replaceAll('"message"', '"words"')],
    ['another version of SARIF', 'sarif', sarif.render(result).replace('"version": "2.1.0"', '"version": "2.0.0"')],
    ['a status that there is not', 'ctrf', ctrf.render(result).replace('"failed"', '"inconclusive"')],
    ['a severity that there is not', 'gitlab', gitlabQuality.render(result).replace('"critical"', '"high"')],
    ['a path out of the repository', 'gitlab', gitlabQuality.render(result).replace('"shop/', '"../shop/')],
  ] as const)('%s', (_what, schema, text) => expect(errorsOf(schema, text)).not.toEqual([]))

  it('an attribute that readers of JUnit do not know', async () => {
    const xml = junit.render(result).replace('<testsuite ', '<testsuite classname="x" ')
    const schema = { fileName: 'junit-10.xsd', contents: fixture('junit-10.xsd') }
    const checked = await validateXML({ xml: { fileName: 'junit.xml', contents: xml }, schema })
    expect(checked.valid).toBe(false)
  })
})

describe.skipIf(parserTrouble() !== undefined)('the OpenMetrics report', () => {
  it.each(results)('of %s is read by Prometheus’ own parser', (_name, result) => {
    const families = parseOpenMetrics(openmetrics.render(result))
    const names = families.map(family => family.name)
    expect(names).toContain('onetap_verdict')
    expect(names.includes('onetap_step_duration_seconds')).toBe(result.load !== null)
  })

  it('is refused when its end is missing, so a cut file is seen', () => {
    const text = openmetrics.render(samples[0]!.result)
    expect(() => parseOpenMetrics(text.replace('# EOF\n', ''))).toThrow(/EOF/)
  })
})
