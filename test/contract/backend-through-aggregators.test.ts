import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CARRIER_IDS } from '../../src/contract/carriers.ts'
import type { HandsetSim, JournalRow } from '../../src/contract/journal.ts'
import type { ProviderId } from '../../src/contract/providers.ts'
import { type StartedMocks, startedMocks } from '../unit/mocks/started-mocks.ts'

/**
 * The reference backend writes its own clients of the aggregators from the vendors' documents, the mocks their own servers. That
 * the two meet is the best proof short of the vendors themselves.
 */
const ROUTES: readonly [string, ProviderId][] = [
  ['alibaba', 'alibaba-dypns'],
  ['jiguang', 'jiguang'],
  ['chuanglan', 'chuanglan'],
  ['mobtech', 'mobtech'],
]
const BACKEND = fileURLToPath(new URL('../../reference-backend/main.ts', import.meta.url))

let mocks: StartedMocks
let backend: ChildProcess
let baseUrl: string

beforeAll(async () => {
  mocks = await startedMocks({ providers: [...ROUTES.map(([, provider]) => provider), 'alibaba-dytns'] })
  backend = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', BACKEND], {
    env: { ...process.env, ...mocks.ready.environment, ONETAP_PARENT_PIPE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(backend.stdout!, 'data')) as [Buffer]
  baseUrl = (JSON.parse(line.toString()) as { listening: string }).listening
})
afterAll(async () => {
  backend.kill()
  await mocks.close()
})

interface Reply {
  status: number
  body: { tokenA?: string; created?: boolean; account?: { id: string }; nonce?: string }
}

async function post(path: string, body: object): Promise<Reply> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`${baseUrl}${path}`, init)
  return { status: response.status, body: (await response.json()) as Reply['body'] }
}

/** Logs in as an app with this aggregator's SDK would. */
async function login(sim: HandsetSim, route: string, provider: ProviderId): Promise<{ reply: Reply; rows: JournalRow[] }> {
  const { token, appId, extra } = await mocks.token(sim, { provider })
  const { nonce } = (await post('/v1/nonce', {})).body
  const tokens = provider === 'mobtech' ? { ...extra, opToken: token } : { token }
  const reply = await post('/v1/login/one-tap', { carrier: route, appId, nonce, ...tokens })
  return { reply, rows: await mocks.rows(token) }
}

it.each(ROUTES.flatMap(([route, provider]) => CARRIER_IDS.map(carrier => [route, carrier, provider] as const)))(
  'the backend logs in over %s with a %s phone',
  async (route, carrier, provider) => {
    const { reply, rows } = await login(await mocks.fresh(carrier), route, provider)
    expect(reply).toMatchObject({ status: 200, body: { tokenA: expect.any(String), created: true } })
    expect(rows).toMatchObject([{ provider, carrier, signature: 'ok', redeemed: true }])
  },
)

it('the backend asks Alibaba whether the number changed hands, and tells a new SIM card from a new holder', async () => {
  const sim = await mocks.fresh('china-mobile')
  const account = async () => (await login(sim, 'alibaba', 'alibaba-dypns')).reply.body.account?.id
  const first = await account()
  await mocks.control('POST', '/life', { msisdn: sim.msisdn, kind: 'sim-replaced' })
  expect(await account()).toBe(first)
  // The service's dates have whole seconds, and the account must be older than the re-issue.
  await new Promise(resolve => setTimeout(resolve, 1100))
  await mocks.control('POST', '/life', { msisdn: sim.msisdn, kind: 'reissued' })
  expect(await account()).not.toBe(first)
})
