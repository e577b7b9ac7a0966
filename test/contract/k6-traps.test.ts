import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../src/world/ports.ts'
import { noK6, removeK6Folders, runRealK6, startRealK6 } from './real-k6.ts'

/**
 * What k6 does that one would not expect, and that the engine's design rests on. Run on each k6 that is taken in: a test that
 * fails here says which part of src/engines or scenarios/k6 has to be thought over.
 */
let server: Server
let url: string

beforeAll(async () => {
  server = createServer((request, response) => response.setHeader('set-cookie', 'sticky=1').end(request.headers.cookie ?? 'none'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  removeK6Folders()
})

const EXPORT = ['--quiet', '--summary-export=summary.json']

/** A server that answers at once, but from 0.7 s after its first request on answers nobody for 600 ms. */
async function startFreezing(): Promise<{ url: string; close(): Promise<void> }> {
  let firstMs: number | undefined
  const freezing = createServer((_request, response) => {
    firstMs ??= performance.now()
    const sinceMs = performance.now() - firstMs
    setTimeout(() => response.end('ok'), sinceMs > 700 && sinceMs < 1300 ? 1300 - sinceMs : 0)
  })
  await new Promise<void>(resolve => freezing.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(freezing.address() as AddressInfo).port}/`,
    close: () =>
      new Promise(resolve => {
        freezing.close(() => resolve())
        freezing.closeAllConnections()
      }),
  }
}

async function untilUp(address: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const up = await fetch(`${address}/v1/status`).then(
      r => r.ok,
      () => false,
    )
    if (up) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('k6 never listened')
}

describe.skipIf(noK6)('k6 must not be the judge:', () => {
  const empty = `
    import { Trend, Rate, Counter } from 'k6/metrics'
    new Trend('own'); new Rate('good'); new Counter('done')
    export const options = { vus: 1, iterations: 3, thresholds: THRESHOLDS }
    export default function () { throw new Error('before the first request') }`
  const withThresholds = (thresholds: object) => empty.replace('THRESHOLDS', JSON.stringify(thresholds))

  it('a threshold over no samples passes, and a run that threw in every iteration exits 0', async () => {
    const run = await runRealK6(
      withThresholds({ own: ['p(99)<1'], good: ['rate>0.9'], checks: ['rate>=0.9'], http_req_duration: ['p(99)<1'] }),
      EXPORT,
    )
    expect(run.code).toBe(0)
    const { metrics } = JSON.parse(run.file('summary.json'))
    // In this file `false` means "not crossed": the opposite of `ok` in handleSummary.
    expect(metrics.own.thresholds).toEqual({ 'p(99)<1': false })
    expect(metrics.http_req_duration.thresholds).toEqual({ 'p(99)<1': false })
  })

  it('only a least count sees that nothing was measured', async () => {
    expect((await runRealK6(withThresholds({ done: ['count>=1'] }), EXPORT)).code).toBe(99)
  })

  it('handleSummary and the exported summary say the same threshold with opposite signs', async () => {
    const run = await runRealK6(
      `export const options = { iterations: 1, thresholds: { iterations: ['count>=1'] } }
       export default function () {}
       export function handleSummary(data) { return { 'own.json': JSON.stringify(data.metrics.iterations) } }`,
      EXPORT,
    )
    expect(JSON.parse(run.file('own.json')).thresholds['count>=1'].ok).toBe(true)
    expect(JSON.parse(run.file('summary.json')).metrics.iterations.thresholds['count>=1']).toBe(false)
  })
})

describe.skipIf(noK6)("k6's summaries:", () => {
  const script = `export const options = { iterations: 2, summaryTrendStats: ['p(99)', 'p(99.9)', 'count'] }
    export default function () {}`

  it('the exported one has every percentile that was asked for', async () => {
    const { metrics } = JSON.parse((await runRealK6(script, EXPORT)).file('summary.json'))
    expect(Object.keys(metrics.iteration_duration).sort()).toEqual(['count', 'p(99)', 'p(99.9)'])
  })

  it('the machine-readable one has neither p99 nor thresholds', async () => {
    const run = await runRealK6(script, [...EXPORT, '--new-machine-readable-summary'])
    const { results } = JSON.parse(run.file('summary.json'))
    const trend = results.metrics.find((m: { name: string }) => m.name === 'iteration_duration')
    expect(trend.values).not.toHaveProperty('p(99)')
    expect(JSON.stringify(results)).not.toContain('thresholds')
  })

  it('switching the summary off also writes no file', async () => {
    const run = await runRealK6(script, [...EXPORT, '--summary-mode=disabled'])
    expect(run.code).toBe(0)
    expect(() => run.file('summary.json')).toThrow('ENOENT')
  })

  it('a handleSummary that returns nothing keeps stdout empty and leaves the file', async () => {
    const run = await runRealK6(`${script}\nexport function handleSummary() { return {} }`, EXPORT)
    expect(run.stdout.trim()).toBe('')
    expect(JSON.parse(run.file('summary.json')).metrics.iterations.count).toBe(2)
  })
})

describe.skipIf(noK6)("k6's control address:", () => {
  const long = `import { sleep } from 'k6'
    export const options = { vus: 1, duration: '30s', summaryTrendStats: ['p(99)'] }
    export default function () { sleep(0.05) }`

  it('is off unless asked for', async () => {
    const said = 'Starting the REST API server'
    const args = ['--verbose', '--iterations=1']
    const asked = [...args, `--address=127.0.0.1:${await freePort()}`]
    expect((await runRealK6('export default function () {}', asked)).stderr).toContain(said)
    expect((await runRealK6('export default function () {}', args)).stderr).not.toContain(said)
  })

  it('stops a run with 103 and still writes the summary; never tells p99; tells CPU time', async () => {
    const address = `127.0.0.1:${await freePort()}`
    const k6 = startRealK6(long, [...EXPORT, `--address=${address}`])
    await untilUp(`http://${address}`)
    await new Promise(resolve => setTimeout(resolve, 300))
    const reply = await fetch(`http://${address}/v1/metrics/iteration_duration`)
    const metric = (await reply.json()) as { data: { attributes: { sample: object } } }
    expect(Object.keys(metric.data.attributes.sample).sort()).toEqual(['avg', 'max', 'med', 'min', 'p(90)', 'p(95)'])
    expect(await (await fetch(`http://${address}/metrics`)).text()).toMatch(/^process_cpu_seconds_total \d/m)
    const body = JSON.stringify({ data: { type: 'status', id: 'default', attributes: { stopped: true } } })
    await fetch(`http://${address}/v1/status`, { method: 'PATCH', body })
    const run = await k6.ended
    expect(run.code).toBe(103)
    expect(JSON.parse(run.file('summary.json')).metrics.iterations.count).toBeGreaterThan(0)
  })

  it('one signal ends it gracefully with 105', async () => {
    const address = `127.0.0.1:${await freePort()}`
    const k6 = startRealK6(long, [...EXPORT, `--address=${address}`])
    await untilUp(`http://${address}`)
    await new Promise(resolve => setTimeout(resolve, 300))
    k6.child.kill('SIGINT')
    const run = await k6.ended
    expect(run.code).toBe(105)
    expect(run.file('summary.json')).toContain('iterations')
  })
})

describe.skipIf(noK6)("k6's exit codes:", () => {
  it.each([
    [
      104,
      'an option it does not take',
      `export const options = { scenarios: { a: { executor: 'no-such' } } }; export default () => {}`,
    ],
    [107, 'an exception while it reads the script', `throw new Error('x'); export default () => {}`],
    [108, 'a script that aborts', `import e from 'k6/execution'; export default () => { e.test.abort() }`],
    [110, 'a script that says it failed', `import e from 'k6/execution'; export default () => { e.test.fail() }`],
    [99, 'a crossed threshold', `export const options = { thresholds: { iterations: ['count<1'] } }; export default () => {}`],
  ])('%i is %s', async (code, _what, script) => {
    expect((await runRealK6(script, ['--quiet'])).code).toBe(code)
  })

  it('255 is a flag it does not know', async () => {
    expect((await runRealK6('export default () => {}', ['--no-summary'])).code).toBe(255)
  })
})

describe.skipIf(noK6)('k6 and load:', () => {
  /** 50 arrivals a second; the server freezes all of them once for 600 ms. */
  const frozen = async (executor: object): Promise<{ dropped: number; p95: number }> => {
    const target = await startFreezing()
    const script = `import http from 'k6/http'
      export const options = { summaryTrendStats: ['p(95)'], scenarios: { a: ${JSON.stringify({ duration: '2s', ...executor })} } }
      export default function () { http.get('${target.url}') }`
    const { metrics } = JSON.parse((await runRealK6(script, EXPORT)).file('summary.json'))
    await target.close()
    return { dropped: metrics.dropped_iterations?.count ?? 0, p95: metrics.http_req_duration['p(95)'] }
  }
  const arrivals = { executor: 'constant-arrival-rate', rate: 50 }

  it('an open load with users enough shows what a freeze costs', async () => {
    const { dropped, p95 } = await frozen({ ...arrivals, preAllocatedVUs: 60, maxVUs: 60 })
    expect(dropped).toBe(0)
    expect(p95).toBeGreaterThan(300)
  })

  it('an open load with too few users drops arrivals instead of queueing them, and its p95 hides the freeze', async () => {
    const { dropped, p95 } = await frozen({ ...arrivals, preAllocatedVUs: 2, maxVUs: 2 })
    expect(dropped).toBeGreaterThan(15)
    expect(p95).toBeLessThan(300)
  })

  it('a closed load of one user meets the freeze once and hides it', async () => {
    expect((await frozen({ executor: 'constant-vus', vus: 1 })).p95).toBeLessThan(300)
  })

  it('a tag on the command line drops the tags of the script', async () => {
    const script = `export const options = { iterations: 1, tags: { mine: 'yes' },
        thresholds: { 'iterations{mine:yes}': ['count>=1'] } }
      export default function () {}`
    expect((await runRealK6(script, ['--quiet'])).code).toBe(0)
    expect((await runRealK6(script, ['--quiet', '--tag', 'other=x'])).code).toBe(99)
  })

  it('a user sends back the cookies it was set, unless each request has a jar of its own', async () => {
    const script = (params: string) => `import http from 'k6/http'
      export const options = { iterations: 1 }
      export default function () {
        for (let i = 0; i < 2; i++) console.log('cookie=' + http.get('${url}/cookie', ${params}).body)
      }
      export function handleSummary() { return {} }`
    const args = ['--quiet', '--log-format=raw', '--log-output=stdout']
    expect((await runRealK6(script('{}'), args)).stdout).toContain('cookie=sticky=1')
    expect((await runRealK6(script('{ jar: new http.CookieJar() }'), args)).stdout).not.toContain('sticky')
  })

  it('the time it spends blocked holds the time it spends connecting, so the two must not be added', async () => {
    const script = `import http from 'k6/http'
      export const options = { iterations: 1 }
      export default function () { console.log(JSON.stringify(http.get('${url}/').timings)) }
      export function handleSummary() { return {} }`
    const run = await runRealK6(script, ['--quiet', '--log-format=raw', '--log-output=stdout'])
    const timings = JSON.parse(run.stdout.slice(run.stdout.indexOf('{')))
    expect(timings.connecting).toBeGreaterThan(0)
    expect(timings.blocked).toBeGreaterThanOrEqual(timings.connecting)
  })

  it('the whole environment reaches a script unless it is told not to', async () => {
    const script = `export default function () {}
      export function handleSummary() { return { 'env.json': JSON.stringify(__ENV) } }`
    const secret = { MY_SECRET: 'hunter2' }
    expect(JSON.parse((await runRealK6(script, ['--quiet'], secret)).file('env.json'))).toMatchObject(secret)
    const kept = await runRealK6(script, ['--quiet', '--include-system-env-vars=false'], secret)
    expect(kept.file('env.json')).not.toContain('hunter2')
  })
})
