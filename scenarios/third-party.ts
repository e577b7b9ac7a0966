import { defineScenario, type Flow } from '../src/contract/flow.ts'
import type { ThirdPartyId } from '../src/contract/target.ts'
import { firstScreen } from './login-steps.ts'

/** In the order in which visits take turns. WeChat's apps get a code, the others an access token. */
const PROVIDERS: readonly ThirdPartyId[] = ['wechat', 'qq', 'weibo', 'netease']

/** Login by an account at WeChat, QQ, Weibo or NetEase. */
export default defineScenario({
  id: 'third-party',
  about: 'Agrees on the page of WeChat, QQ, Weibo or NetEase in turn and logs in by what the app got there.',
  needs: ['thirdPartyLogin'],
  exchange: 'thirdPartyLogin',
  asksPhone: true,
  *flow(visit): Flow {
    const provider = PROVIDERS[visit.index % PROVIDERS.length] ?? 'wechat'
    const agreed = yield { op: 'agreeAtProvider', input: { provider, user: visit.person().index } }
    if (agreed.kind !== 'granted') return
    const { accessToken, providerCode } = agreed.phone ?? {}
    const proof = provider === 'wechat' || accessToken === undefined ? { code: providerCode } : { accessToken }
    if (proof.code === undefined && proof.accessToken === undefined) return
    const login = yield {
      op: 'thirdPartyLogin',
      input:
        proof.accessToken === undefined ? { provider, code: proof.code ?? '' } : { provider, accessToken: proof.accessToken },
    }
    if (login.kind === 'granted') yield* firstScreen(visit, login.credential)
  },
})
