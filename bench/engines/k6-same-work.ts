// The same work as our driver, written straight: a fresh token each time, the reply read, its time and outcome counted. No flow,
// no target module, no warm-up, no visit that may throw.
import { scenario } from 'k6/execution'
import http from 'k6/http'
import { Counter, Trend } from 'k6/metrics'
import { visitMaker } from '../../src/contract/visit.ts'

declare const __ENV: Record<string, string>

export const options = {
  systemTags: ['scenario'],
  scenarios: { load: { executor: 'constant-vus', vus: Number(__ENV.USERS), duration: `${__ENV.SECONDS}s` } },
}
const params = { headers: { 'Content-Type': 'application/json' } }
const visitAt = visitMaker({
  seed: 1,
  subscribers: 300,
  providers: [
    { provider: 'china-mobile', appIds: ['app-m'] },
    { provider: 'china-telecom', appIds: ['app-t'] },
  ],
  operations: ['oneTap'],
})
const attempted = new Counter('attempted')
const completed = new Counter('completed')
const granted = new Trend('granted')
const refused = new Counter('refused')

export default function (): void {
  attempted.add(1)
  const { carrier, token, appId, authCode } = visitAt(scenario.iterationInTest, Date.now())
  const response = http.post(`${__ENV.URL}`, JSON.stringify({ carrier, token, appId, authCode }), params)
  const { credential } = JSON.parse(String(response.body)) as { credential?: string }
  if (response.status === 200 && credential !== undefined) granted.add(response.timings.duration + response.timings.blocked)
  else refused.add(1)
  completed.add(1)
}
