import { expect } from 'vitest'
import { codeFor, freshTicket, newPassword, phoneProof } from '../../attacks/kit/account.ts'
import { credentialOf, providerUser } from '../../attacks/kit/third-party.ts'
import { loginWith } from '../../attacks/kit/tokens.ts'
import type { Exchange, Handset, Lab } from '../../src/contract/attack.ts'
import { CARRIER_IDS } from '../../src/contract/carriers.ts'
import type { OperationId, OperationInputs, Reading, ThirdPartyId } from '../../src/contract/target.ts'

/** What honest users do with an account, from the first login to the last logout, with the right and the wrong answers. */
export const HONEST_FLOWS: Readonly<Record<string, (lab: Lab) => Promise<void>>> = {
  'one-tap login, through each carrier': oneTap,
  'number verification': verifyNumber,
  'SMS login': smsLogin,
  'password set and changed': password,
  'password reset': passwordReset,
  'third-party login, through each provider': thirdParty,
  'identities bound and unbound': identities,
  refresh,
  'logout here and everywhere': logout,
  'rebind notices': rebind,
  'profile, own account and identities': profile,
}

type Granted = Extract<Reading, { kind: 'granted' }>

interface Visitor {
  phone: Handset
  account: string
  credential: string
  refreshCredential: string
  created: boolean | undefined
}

const TRIES = 8
const PAUSE_MS = 300

/** Until there is a plain answer: strict limits (429) and honest 503s are passed on before anything was done. */
async function ask<Op extends OperationId>(lab: Lab, op: Op, input: OperationInputs[Op]): Promise<Exchange> {
  for (let tries = 1; ; tries++) {
    const exchange = await lab.send(op, input)
    const forNow = exchange.status === 429 || exchange.status === 503 || /\b(?:429|503)\b/.test(JSON.stringify(exchange.reading))
    if (!forNow || tries === TRIES) return exchange
    await lab.eventually(async () => false, PAUSE_MS)
  }
}

async function granted<Op extends OperationId>(lab: Lab, op: Op, input: OperationInputs[Op]): Promise<Granted> {
  const { reading, status } = await ask(lab, op, input)
  if (reading.kind !== 'granted') throw new Error(`${op}: status ${status}, ${JSON.stringify(reading)}`)
  return reading
}

async function refused<Op extends OperationId>(lab: Lab, op: Op, input: OperationInputs[Op]): Promise<void> {
  const { reading, status } = await ask(lab, op, input)
  expect({ op, status, reading: reading.kind }).toEqual({ op, status, reading: 'refused' })
}

/** What a login granted, complete, and proved on `me`. */
async function entered(lab: Lab, phone: Handset, reading: Granted): Promise<Visitor> {
  const { account = '', credential = '', refreshCredential = '', created } = reading
  expect([account, credential, refreshCredential]).not.toContain('')
  expect(await granted(lab, 'me', { credential })).toMatchObject({ account })
  return { phone, account, credential, refreshCredential, created }
}

async function tap(lab: Lab, phone: Handset): Promise<Visitor> {
  const input = loginWith(await phone.authorize(), await lab.nonce())
  return entered(lab, phone, await granted(lab, 'oneTap', input))
}

async function sent(lab: Lab, phone: Handset, purpose: 'login' | 'reset'): Promise<string> {
  const { code, step } = await codeFor(lab, phone.sim.msisdn, purpose)
  if (code === undefined) throw new Error(`no code for ${purpose} came: ${JSON.stringify(step)}`)
  return code
}

async function oneTap(lab: Lab): Promise<void> {
  for (const carrier of CARRIER_IDS) {
    const phone = await lab.handset(carrier)
    const first = await tap(lab, phone)
    const again = await tap(lab, phone)
    expect([first.created, again.created, again.account]).toEqual([true, false, first.account])
    await refused(lab, 'oneTap', loginWith(await phone.authorize(), 'a nonce nobody made'))
  }
}

async function verifyNumber(lab: Lab): Promise<void> {
  const phone = await lab.handset('china-mobile')
  const { credential } = await tap(lab, phone)
  const { msisdn } = phone.sim
  const asked = async (what: { number: string } | { lastDigits: string }): Promise<boolean | undefined> => {
    const issued = await phone.authorize({ purpose: 'verify' })
    const nonce = await lab.nonce({ purpose: 'verify' })
    return (await granted(lab, 'verifyNumber', { ...loginWith(issued, nonce), credential, ...what })).match
  }
  const other = (await lab.handset('china-mobile')).sim.msisdn
  expect([await asked({ number: msisdn }), await asked({ lastDigits: msisdn.slice(-4) })]).toEqual([true, true])
  expect(await asked({ number: other })).toBe(false)
}

async function smsLogin(lab: Lab): Promise<void> {
  const phone = await lab.handset()
  const { msisdn: number } = phone.sim
  const code = await sent(lab, phone, 'login')
  await refused(lab, 'smsLogin', { number, code: code === '000000' ? '000001' : '000000' })
  const registered = await entered(lab, phone, await granted(lab, 'smsLogin', { number, code }))
  expect(registered.created).toBe(true)
  expect((await tap(lab, phone)).account).toBe(registered.account)
}

async function password(lab: Lab): Promise<void> {
  const phone = await lab.handset()
  const { account, credential } = await tap(lab, phone)
  const [first, second] = [newPassword(lab), newPassword(lab)]
  const identifier = phone.sim.msisdn
  await refused(lab, 'passwordChange', { credential, newPassword: first })
  await granted(lab, 'passwordChange', { credential, newPassword: first, ...(await freshTicket(lab, phone, credential)) })
  const other = await entered(lab, phone, await granted(lab, 'passwordLogin', { identifier, password: first }))
  expect(other.account).toBe(account)
  await granted(lab, 'passwordChange', { credential, newPassword: second, oldPassword: first })
  await refused(lab, 'me', { credential: other.credential })
  await granted(lab, 'me', { credential })
  await refused(lab, 'passwordLogin', { identifier, password: `${first}!` })
  const changed = await granted(lab, 'passwordLogin', { identifier, password: second })
  expect((await entered(lab, phone, changed)).account).toBe(account)
}

async function passwordReset(lab: Lab): Promise<void> {
  const phone = await lab.handset()
  const { account, credential } = await tap(lab, phone)
  const number = phone.sim.msisdn
  const chosen = newPassword(lab)
  await granted(lab, 'passwordReset', { number, code: await sent(lab, phone, 'reset'), newPassword: chosen })
  await refused(lab, 'me', { credential })
  const back = await granted(lab, 'passwordLogin', { identifier: number, password: chosen })
  const entry = await entered(lab, phone, back)
  expect(entry.account).toBe(account)
  // The same words from the same device once more, after the session they opened has ended: a new session, not the dead one.
  await granted(lab, 'logout', { credential: entry.credential })
  const again = await granted(lab, 'passwordLogin', { identifier: number, password: chosen })
  expect((await entered(lab, phone, again)).account).toBe(account)
}

async function byProvider(lab: Lab, phone: Handset, provider: ThirdPartyId, user: number): Promise<Visitor> {
  const given = credentialOf(await lab.providerCredential(provider, user))
  return entered(lab, phone, await granted(lab, 'thirdPartyLogin', { provider, ...given }))
}

async function thirdParty(lab: Lab): Promise<void> {
  expect([...lab.identityProviders].sort()).toEqual(['netease', 'qq', 'wechat', 'weibo'])
  const phone = await lab.handset()
  for (const provider of lab.identityProviders) {
    const user = await providerUser(lab)
    const first = await byProvider(lab, phone, provider, user)
    const again = await byProvider(lab, phone, provider, user)
    expect([first.created, again.created, again.account], provider).toEqual([true, false, first.account])
    const foreign = credentialOf(await lab.providerCredential(provider, user, 'foreign'))
    await refused(lab, 'thirdPartyLogin', { provider, ...foreign })
  }
}

async function identities(lab: Lab): Promise<void> {
  const phone = await lab.handset()
  const { account, credential } = await tap(lab, phone)
  const user = await providerUser(lab)
  const provider = 'weibo'
  const proof = async () =>
    ({ kind: 'third-party', provider, ...credentialOf(await lab.providerCredential(provider, user)) }) as const
  await refused(lab, 'bind', { credential, identity: await proof() })
  await granted(lab, 'bind', { credential, ...(await freshTicket(lab, phone, credential)), identity: await proof() })
  expect((await byProvider(lab, phone, provider, user)).account).toBe(account)
  await refused(lab, 'unbind', { credential, type: provider })
  await granted(lab, 'unbind', { credential, ...(await freshTicket(lab, phone, credential)), type: provider })
  expect((await byProvider(lab, phone, provider, user)).account).not.toBe(account)
  const { ticket } = await granted(lab, 'reauth', { credential, proof: await phoneProof(lab, phone, 'reauth') })
  expect(ticket).toEqual(expect.any(String))
}

async function refresh(lab: Lab): Promise<void> {
  const { account, refreshCredential } = await tap(lab, await lab.handset())
  const next = await granted(lab, 'refresh', { refreshCredential })
  const { credential = '' } = next
  expect(await granted(lab, 'me', { credential })).toMatchObject({ account })
  await refused(lab, 'refresh', { refreshCredential })
  // Used twice: somebody has a copy, and the whole session ends.
  await refused(lab, 'me', { credential })
}

async function logout(lab: Lab): Promise<void> {
  const phone = await lab.handset()
  const [first, second, third] = [await tap(lab, phone), await tap(lab, phone), await tap(lab, phone)]
  await granted(lab, 'logout', { credential: first.credential })
  await refused(lab, 'me', { credential: first.credential })
  await refused(lab, 'refresh', { refreshCredential: first.refreshCredential })
  await granted(lab, 'me', { credential: second.credential })
  await granted(lab, 'logoutAll', { credential: third.credential })
  for (const { credential } of [second, third]) await refused(lab, 'me', { credential })
  expect((await tap(lab, phone)).account).toBe(first.account)
}

async function rebind(lab: Lab): Promise<void> {
  for (const kind of ['sim-replaced', 'ported'] as const) {
    const phone = await lab.handset()
    const owner = await tap(lab, phone)
    const moved = await lab.life(kind, phone)
    await granted(lab, 'rebind', { notice: moved.notice })
    await granted(lab, 'me', { credential: owner.credential })
    expect((await tap(lab, moved.handset)).account, kind).toBe(owner.account)
  }
  const phone = await lab.handset()
  const former = await tap(lab, phone)
  const moved = await lab.life('reissued', phone)
  await granted(lab, 'rebind', { notice: moved.notice })
  await granted(lab, 'rebind', { notice: moved.notice })
  await refused(lab, 'me', { credential: former.credential })
  expect((await tap(lab, moved.handset)).account).not.toBe(former.account)
}

async function profile(lab: Lab): Promise<void> {
  const { account, credential } = await tap(lab, await lab.handset())
  const stranger = await tap(lab, await lab.handset())
  expect(await granted(lab, 'profileChange', { credential, fields: { nickname: 'Ling' } })).toMatchObject({ account })
  expect(await granted(lab, 'accountById', { credential, account })).toMatchObject({ account })
  await refused(lab, 'accountById', { credential, account: stranger.account })
  await granted(lab, 'identityList', { credential })
  await refused(lab, 'me', { credential: 'nobodys' })
}
