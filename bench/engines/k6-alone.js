// What somebody would write by hand for the same load: one login with one body, over and over. Spends no token, reads no reply.
import http from 'k6/http'

export const options = {
  discardResponseBodies: true,
  scenarios: { load: { executor: 'constant-vus', vus: Number(__ENV.USERS), duration: `${__ENV.SECONDS}s` } },
}
const params = { headers: { 'Content-Type': 'application/json' } }

export default function () {
  http.post(__ENV.URL, __ENV.BODY, params)
}
