import { afterEach, expect, it } from 'vitest'
import { healthOf } from '../../../reference-backend/observe/health.ts'
import { openMetrics } from '../../../reference-backend/observe/open-metrics.ts'
import { requestCounts } from '../../../reference-backend/observe/request-counts.ts'
import { stageTimes } from '../../../reference-backend/observe/stage-times.ts'
import { type Patient, startPatient } from './patient.ts'

const patients: Patient[] = []
afterEach(async () => {
  for (const patient of patients.splice(0)) await patient.close()
})

async function started(environment: Record<string, string> = {}): Promise<Patient> {
  const patient = await startPatient(environment)
  patients.push(patient)
  return patient
}

async function metrics(patient: Patient): Promise<{ type: string; text: string }> {
  const reply = await patient.app.inject({ url: '/metrics' })
  return { type: String(reply.headers['content-type']), text: reply.payload }
}

it('counts replies by route and status, under names that say nothing about anybody', async () => {
  const patient = await started()
  const { json } = await patient.login('13500000041')
  await patient.me(json.tokenA)
  await patient.me('nothing')
  await patient.call('GET', '/v1/accounts/13500000041')
  await patient.call('GET', '/nowhere/13500000041')
  const { type, text } = await metrics(patient)
  expect(type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  expect(text).toContain('http_server_requests_total{method="POST",route="/v1/login/one-tap",status="200"} 1\n')
  expect(text).toContain('http_server_requests_total{method="GET",route="/v1/me",status="200"} 1\n')
  expect(text).toContain('http_server_requests_total{method="GET",route="/v1/me",status="401"} 1\n')
  expect(text).toContain('http_server_request_duration_seconds_count{method="GET",route="/v1/me"} 2\n')
  expect(text).toContain('route="none",status="404"} 1\n')
  expect(text).not.toContain('13500000041')
})

it('writes OpenMetrics: each line of a known form, histograms that add up, the end marked', () => {
  const counts = requestCounts()
  for (const seconds of [0.0005, 0.001, 0.3, 99]) counts.answered('GET', '/a', 200, seconds)
  const lines = openMetrics(counts, stageTimes(true), 12_345).split('\n')
  expect(lines.slice(-2)).toEqual(['# EOF', ''])
  const form = /^(?:# (?:TYPE|UNIT|HELP) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? [0-9.e+-]+)$/
  expect(lines.slice(0, -2).filter(line => !form.test(line))).toEqual([])
  const bucket = (le: string) => lines.find(line => line.includes(`_bucket{method="GET",route="/a",le="${le}"}`))?.split(' ')[1]
  expect([bucket('0.001'), bucket('0.25'), bucket('0.5'), bucket('5.0'), bucket('+Inf')]).toEqual(['2', '2', '3', '3', '4'])
})

it('times the stages of a login when told to, and hands out the very same functions when not', async () => {
  const run = async (): Promise<number> => 7
  expect(stageTimes(false).timed('carrier', run)).toBe(run)
  const patient = await started({ STAGE_TIMING: '1' })
  await patient.login('13500000042')
  const { text } = await metrics(patient)
  for (const stage of ['nonce', 'shape', 'take', 'mark', 'carrier', 'account', 'token'])
    expect(text).toContain(`login_stage_seconds_count{stage="${stage}"} 1\n`)
  expect((await metrics(await started())).text).not.toContain('login_stage')
})

it('times what fails too, and lets it fail', async () => {
  const stages = stageTimes(true)
  const failing = stages.timed('carrier', async () => {
    throw new Error('gone')
  })
  await expect(failing()).rejects.toThrow('gone')
  expect(stages.totals?.get('carrier')?.count).toBe(1)
})

it('says which store cannot be reached', async () => {
  const patient = await started()
  expect(await patient.call('GET', '/healthz')).toMatchObject({
    status: 200,
    json: { status: 'ok', stores: { accounts: 'ok', ephemeral: 'ok' } },
  })
  const { stores } = patient.backend
  stores.accounts.account = () => Promise.reject(new Error('Connection terminated'))
  stores.ephemeral.get = () => new Promise(() => {})
  expect(await healthOf(stores)).toEqual({
    status: 'degraded',
    stores: { accounts: 'unreachable', ephemeral: 'unreachable' },
  })
  expect((await patient.call('GET', '/healthz')).status).toBe(503)
})
