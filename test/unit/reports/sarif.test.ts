import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import sarif from '../../../reports/sarif.ts'
import type { Result } from '../../../src/contract/result.ts'
import { hostileResult } from '../../e2e/hostile-result.ts'
import { samples } from '../../golden/samples.ts'

interface Located {
  physicalLocation: { artifactLocation: { uri: string }; region: Record<string, number> }
}
interface Run {
  tool: {
    driver: { name: string; rules: Record<string, { text?: string }>[] & { id: string; properties: Record<string, unknown> }[] }
  }
  automationDetails: { id: string }
  invocations: { executionSuccessful: boolean; toolExecutionNotifications: unknown[] }[]
  taxonomies: { taxa: { id: string }[] }[]
  results: {
    ruleId: string
    ruleIndex: number
    level: string
    message: { text: string }
    locations: Located[]
    partialFingerprints: { primaryLocationLineHash: string }
    suppressions?: { justification: string }[]
  }[]
}

const runOf = (result: Result): Run => (JSON.parse(sarif.render(result)) as { runs: Run[] }).runs[0]!
const sample = (name: string): Result => samples.find(one => one.name === name)!.result
const all = samples.flatMap(({ name, result }): [string, Result][] => [
  [name, result],
  [`${name}, hostile`, hostileResult(result)],
])

/** Strings of the document that are empty, by their path. */
function emptyTexts(value: unknown, at = ''): string[] {
  if (value === '') return [at]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => emptyTexts(member, `${at}/${key}`))
}

describe.each(all)('what code scanning asks of the SARIF of %s', (_name, result) => {
  const run = runOf(result)

  it('each result has a place in the repository, a message, a level and a fingerprint of ours', () => {
    for (const one of run.results) {
      const { artifactLocation, region } = one.locations[0]!.physicalLocation
      expect(artifactLocation.uri).toMatch(/^(?!\/|\.\.|[a-z]+:)\S+$/)
      expect(Object.keys(region).sort()).toEqual(['endColumn', 'endLine', 'startColumn', 'startLine'])
      expect(Math.min(...Object.values(region))).toBeGreaterThanOrEqual(1)
      expect(one.message.text).not.toBe('')
      expect(['note', 'warning', 'error']).toContain(one.level)
      expect(one.partialFingerprints.primaryLocationLineHash).toMatch(/^[0-9a-f]{16}:1$/)
      expect(run.tool.driver.rules[one.ruleIndex]!.id).toBe(one.ruleId)
    }
  })

  it('each rule has its texts within the limits, and a severity that is a text from 0.1 to 10.0', () => {
    for (const rule of run.tool.driver.rules) {
      for (const part of ['shortDescription', 'fullDescription'] as const) {
        expect(rule[part]!.text!.length).toBeGreaterThan(0)
        expect(rule[part]!.text!.length).toBeLessThanOrEqual(1024)
      }
      expect(rule.help!.text).not.toBe('')
      const severity = rule.properties['security-severity']
      if (severity !== undefined) expect(String(severity)).toMatch(/^(?:\d\.\d|10\.0)$/)
      expect((rule.properties.tags as string[]).length).toBeLessThanOrEqual(20)
    }
  })

  it('has no empty text, no two results of one fingerprint, and is small enough', () => {
    expect(emptyTexts(run)).toEqual([])
    const prints = run.results.map(one => `${one.ruleId} ${one.partialFingerprints.primaryLocationLineHash}`)
    expect(new Set(prints).size).toBe(prints.length)
    expect(gzipSync(sarif.render(result)).length).toBeLessThan(10_000_000)
  })
})

describe('the SARIF report', () => {
  it('pins an attack to the line of the operation its proof was got by, and a budget to the config', () => {
    const places = runOf(sample('fail')).results.map(({ ruleId, locations }) => {
      const { artifactLocation, region } = locations[0]!.physicalLocation
      return [ruleId, `${artifactLocation.uri}:${region.startLine}`]
    })
    expect(places).toContainEqual(['rp-nonce-race', 'shop/onetap.target.ts:20'])
    expect(places).toContainEqual(['budget/error-rate', 'shop/onetap.config.ts:31'])
  })

  it('pins all to the target module and the config where nobody noted their lines', () => {
    const { source: _, ...plan } = sample('fail').plan
    const files = runOf({ ...sample('fail'), plan }).results.map(one => one.locations[0]!.physicalLocation.artifactLocation.uri)
    expect([...new Set(files)]).toEqual(['onetap.target.ts', 'onetap.config.ts'])
    const outside = { ...plan, target: { ...plan.target, module: ['', 'srv', 'secret', 'shop.target.ts'].join('/') } }
    const [first] = runOf({ ...sample('fail'), plan: outside }).results
    expect(first!.locations[0]!.physicalLocation.artifactLocation.uri).toBe('shop.target.ts')
  })

  it('gives a finding the same fingerprint whatever the run, its address, its seed and its verdict', () => {
    const result = sample('fail')
    const printOf = (one: Result): string | undefined =>
      runOf(one).results.find(({ ruleId }) => ruleId === 'rp-nonce-race')?.partialFingerprints.primaryLocationLineHash
    const attacks = result.attacks.map(attack =>
      attack.id === 'rp-nonce-race' ? { ...attack, outcome: 'inconclusive' as const } : attack,
    )
    expect(printOf(result)).toBeDefined()
    for (const other of [
      { ...result, id: 'another', plan: { ...result.plan, seed: 7 } },
      { ...result, target: { ...result.target, url: 'http://127.0.0.1:9' } },
      { ...result, attacks },
    ]) {
      expect(printOf(other)).toBe(printOf(result))
    }
  })

  it('keeps an attack without a verdict as a note: left out, its alert would be closed as fixed', () => {
    const open = runOf(sample('inconclusive')).results.find(({ ruleId }) => ruleId === 'rp-nonce-race')
    expect(open).toMatchObject({ level: 'note', message: { text: expect.stringMatching(/^No verdict\./) } })
  })

  it('says that a run did not end well, and why', () => {
    expect(runOf(sample('pass')).invocations[0]).toMatchObject({ executionSuccessful: true, toolExecutionNotifications: [] })
    const cut = runOf(sample('cut-short')).invocations[0]!
    expect(cut.executionSuccessful).toBe(false)
    expect(JSON.stringify(cut.toolExecutionNotifications)).toContain('was interrupted')
  })

  it('carries what is accepted as a suppression with its reason', () => {
    const [known] = runOf(sample('accepted')).results.filter(one => one.suppressions !== undefined)
    expect(known!.ruleId).toBe('rp-nonce-race')
    expect(known!.suppressions![0]!.justification).toContain('release 1.5')
  })

  it('names each weakness of its rules in the taxonomy', () => {
    const run = runOf(sample('fail'))
    expect(run.taxonomies[0]!.taxa.map(({ id }) => id)).toEqual(['294', '345', '347', '362', '367', '613'])
  })

  it('holds no request body beyond its limit', () => {
    const result = sample('fail')
    const attacks = result.attacks.map(attack => ({
      ...attack,
      transcript: attack.transcript.map(entry => ({ ...entry, request: { ...entry.request, body: 'x'.repeat(50_000) } })),
    }))
    expect(sarif.render({ ...result, attacks })).not.toContain('x'.repeat(8001))
  })
})
