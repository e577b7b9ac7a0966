import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StartedMocks, startedMocks } from '../unit/mocks/started-mocks.ts'

/**
 * Grant, an OAuth proxy of others with its own knowledge of some two hundred providers, logs people in at the mocks. It knows Weibo's,
 * QQ's and WeChat's peculiarities (parameter names, methods, answers that are no JSON); only the addresses are ours.
 */
interface Turn {
  method: 'GET'
  params: { provider: string; override?: string }
  query: Record<string, string>
  body: Record<string, string>
  session: object
}
interface Outcome {
  location?: string
  session: object & { response?: Response }
  state?: { response?: Response }
}
interface Response {
  access_token?: string
  raw?: Record<string, unknown>
  profile?: Record<string, unknown>
  error?: unknown
}
type Grant = (turn: Turn) => Promise<Outcome>

const makeGrant = createRequire(import.meta.url)('grant/lib/grant') as (options: { config: object }) => Grant

let mocks: StartedMocks
let grant: Grant
beforeAll(async () => {
  mocks = await startedMocks({ carriers: [], providers: ['weibo', 'qq', 'wechat'] })
  const env = mocks.ready.environment
  const providers = {
    weibo: {
      key: env.WEIBO_APP_KEY,
      secret: env.WEIBO_APP_SECRET,
      authorize_url: `${env.WEIBO_URL}/oauth2/authorize`,
      access_url: `${env.WEIBO_URL}/oauth2/access_token`,
      profile_url: `${env.WEIBO_URL}/2/users/show.json`,
      response: ['tokens', 'raw', 'profile'],
    },
    // Its second look-up of a QQ profile goes to a fixed address, so the profile is not asked for.
    qq: {
      key: env.QQ_APP_ID,
      secret: env.QQ_APP_KEY,
      authorize_url: `${env.QQ_URL}/oauth2.0/authorize`,
      access_url: `${env.QQ_URL}/oauth2.0/token`,
      response: ['tokens', 'raw'],
    },
    wechat: {
      key: env.WECHAT_APP_ID,
      secret: env.WECHAT_APP_SECRET,
      authorize_url: `${env.WECHAT_URL}/connect/qrconnect`,
      access_url: `${env.WECHAT_URL}/sns/oauth2/access_token`,
      profile_url: `${env.WECHAT_URL}/sns/userinfo`,
      response: ['tokens', 'raw', 'profile'],
    },
  }
  grant = makeGrant({ config: { defaults: { origin: 'http://127.0.0.1', transport: 'state', state: true }, ...providers } })
})
afterAll(() => mocks.close())

const turn = (provider: string, change: Partial<Turn> = {}): Turn => ({
  method: 'GET',
  params: { provider },
  query: {},
  body: {},
  session: {},
  ...change,
})

/** Logs a person in; `spoil` changes what comes back from the consent page. */
async function login(provider: string, user: number, spoil: (query: Record<string, string>) => Record<string, string> = q => q) {
  const started = await grant(turn(provider))
  const consent = new URL(started.location!)
  consent.searchParams.set('onetap_user', String(user))
  const back = (await fetch(consent, { redirect: 'manual' })).headers.get('location')!
  const query = spoil(Object.fromEntries(new URL(back).searchParams))
  const ended = await grant(turn(provider, { params: { provider, override: 'callback' }, query, session: started.session }))
  return (ended.state?.response ?? ended.session.response)!
}

describe('a client that others wrote', () => {
  it('logs a person in at Weibo and reads the profile', async () => {
    const { access_token, raw, profile, error } = await login('weibo', 42)
    expect(error).toBeUndefined()
    expect(access_token).toMatch(/^2\.00/)
    expect(profile).toMatchObject({ idstr: raw?.uid, screen_name: `user_${raw?.uid}` })
  })

  it('logs a person in at QQ, whose answer is a form', async () => {
    const { access_token, raw } = await login('qq', 42)
    expect(access_token).toMatch(/^[0-9A-F]{32}$/)
    expect(raw).toMatchObject({ expires_in: String(90 * 86_400) })
    const me = await (await fetch(`${mocks.url('qq')}/oauth2.0/me?fmt=json&access_token=${access_token}`)).json()
    expect(me).toMatchObject({ client_id: mocks.appId('qq'), openid: expect.stringMatching(/^[0-9A-F]{32}$/) })
  })

  it('logs a person in at WeChat, with an openid and a unionid', async () => {
    const first = await login('wechat', 42)
    expect(first.error).toBeUndefined()
    expect(first.raw).toMatchObject({ expires_in: 7200, scope: 'snsapi_userinfo' })
    expect(first.profile).toMatchObject({ openid: first.raw?.openid, unionid: first.raw?.unionid, nickname: 'user_42' })
    expect((await login('wechat', 42)).raw?.openid).toBe(first.raw?.openid)
    expect((await login('wechat', 43)).raw?.openid).not.toBe(first.raw?.openid)
  })

  it.each(['weibo', 'qq', 'wechat'])('gets no token at %s for a code that is none', async provider => {
    // Grant itself stumbles over Weibo's refusal when it is to read a profile, so that one ends in a throw of its own.
    const answer = await login(provider, 42, query => ({ ...query, code: 'invented' })).catch((error: unknown) => {
      expect(error).toBeInstanceOf(TypeError)
      return {} as Response
    })
    expect(answer.access_token).toBeUndefined()
    expect(answer.profile?.openid ?? answer.profile?.idstr).toBeUndefined()
  })
})
