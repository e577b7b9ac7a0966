import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import oneTap from '../../../scenarios/one-tap.ts'
import type { LoadJob } from '../../../src/contract/engine.ts'
import { HarnessError } from '../../../src/contract/errors.ts'
import { type ClusterWish, manifestsOf } from '../../../src/engines/k8s-manifests.ts'
import { renderForCluster } from '../../../src/engines/k8s-render.ts'
import { fakeJob } from '../../contract/fake-backend/job.ts'

const fixture = fileURLToPath(new URL('./fixtures/k6-operator/testrun-v1alpha1.json', import.meta.url))
const crd = JSON.parse(readFileSync(fixture, 'utf8')) as { group: string; kind: string; schema: Schema }
type Schema = { [key: string]: unknown }

/** A cluster drops fields it does not know without a word; here they are errors, so that a misspelt one is found. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  const open = 'additionalProperties' in inner || inner['x-kubernetes-preserve-unknown-fields'] === true
  return typeof inner.properties === 'object' && !open ? { ...inner, additionalProperties: false } : inner
}

const validate = new Ajv({ strict: false, validateFormats: false }).compile(closed(crd.schema) as Schema)

function faultsOf(testRun: object): string[] {
  validate(testRun)
  return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)
}

const wish: ClusterWish = {
  name: 'onetap',
  namespace: 'load',
  parallelism: 3,
  image: 'grafana/k6:2.2.0',
  collectorUrl: 'http://prometheus.load.svc:9090/api/v1/write',
  cpu: '2',
  memory: '1Gi',
  vars: ['apiKey'],
}

describe('the manifests for the k6 operator', () => {
  it('are what the TestRun schema of operator 1.6.0 takes, to the last field', () => {
    const { testRun } = manifestsOf('export default 1', wish)
    expect(faultsOf(testRun)).toEqual([])
    expect(testRun).toMatchObject({
      apiVersion: `${crd.group}/v1alpha1`,
      kind: crd.kind,
      spec: { parallelism: 3, quiet: 'true' },
    })
  })

  it('would be refused with a field that the operator does not have, or of another type', () => {
    const { testRun } = manifestsOf('', wish) as { testRun: { spec: Schema } }
    expect(faultsOf({ ...testRun, spec: { ...testRun.spec, paralelism: 3 } })).toEqual([
      '/spec must NOT have additional properties',
    ])
    expect(faultsOf({ ...testRun, spec: { ...testRun.spec, quiet: true } })).toEqual(['/spec/quiet must be string'])
    const { parallelism: _, ...without } = testRun.spec
    expect(faultsOf({ ...testRun, spec: without })).toEqual(["/spec must have required property 'parallelism'"])
  })

  it('name the script that the ConfigMap holds, in one namespace', () => {
    const { script, testRun } = manifestsOf('a script', wish)
    expect(script).toMatchObject({ metadata: { name: 'onetap', namespace: 'load' }, data: { 'test.js': 'a script' } })
    expect(testRun).toMatchObject({
      metadata: { name: 'onetap', namespace: 'load' },
      spec: { script: { configMap: { name: 'onetap', file: 'test.js' } } },
    })
  })

  it('push from the runners alone, in the form our receiver reads', () => {
    const { spec } = manifestsOf('', wish).testRun as { spec: Record<'initializer' | 'runner', { env: { name: string }[] }> }
    const names = ({ env }: { env: { name: string }[] }): string[] => env.map(one => one.name)
    expect(names(spec.runner)).toEqual(expect.arrayContaining(['K6_OUT', 'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM']))
    expect(names(spec.initializer)).not.toContain('K6_OUT')
  })

  it('refuse a script that no ConfigMap holds', () => {
    expect(() => manifestsOf('é'.repeat(500_001), wish)).toThrow(HarnessError)
  })
})

describe('a load rendered for a cluster', () => {
  const { workDir: _, ...job } = fakeJob('http://backend.shop.svc:8080', { vars: { apiKey: 'a-secret-value' } })
  const render = (change: Partial<LoadJob>, parallelism = 3) =>
    renderForCluster({ ...job, ...change }, oneTap, { ...wish, parallelism })

  it('holds no value of a variable: the pods read them from a secret', async () => {
    const rendered = await render({})
    expect(JSON.stringify(rendered)).not.toContain('a-secret-value')
    expect(rendered.testRun).toMatchObject({
      spec: {
        runner: {
          env: expect.arrayContaining([
            { name: 'ONETAP_VAR_apiKey', valueFrom: { secretKeyRef: { name: 'onetap-vars', key: 'apiKey' } } },
          ]),
        },
      },
    })
  })

  it.each<[string, Partial<LoadJob>, number?]>([
    ['more pods than users', {}, 101],
    ['a name of a variable that no environment can have', { vars: { 'api-key': 'x' } }],
    ['a delay that begins at a moment', { carriers: { ...job.carriers, latency: stepped() } }],
    [
      'a fault that begins at a moment',
      { carriers: { ...job.carriers, faults: [{ id: 'error-rate', share: 1, answer: 'http', fromMs: 5 }] } },
    ],
  ])('is refused with %s', async (_what, change, pods) => {
    await expect(render(change, pods)).rejects.toMatchObject({ code: 'CONFIG' })
  })
})

function stepped(): LoadJob['carriers']['latency'] {
  return { kind: 'step', before: { kind: 'none' }, atMs: 100, after: { kind: 'fixed', ms: 5 } }
}
