import { expect, it } from 'vitest'
import thirdParty from '../../../scenarios/third-party.ts'
import { visitWith, walk } from './walk.ts'

it('takes turns among the providers; WeChat’s users bring a code, the others a token', () => {
  const inputs = [0, 1, 2, 3].map(index => walk(thirdParty.flow(visitWith(['thirdPartyLogin'], { index })))[1]?.input)
  expect(inputs).toEqual([
    { provider: 'wechat', code: 'pc' },
    { provider: 'qq', accessToken: 'at' },
    { provider: 'weibo', accessToken: 'at' },
    { provider: 'netease', accessToken: 'at' },
  ])
})
