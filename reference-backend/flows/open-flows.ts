import type { ArmedControls } from '../controls/arm.ts'
import type { Settings } from '../environment.ts'
import type { StageTimes } from '../observe/stage-times.ts'
import type { Outside } from '../outside.ts'
import { type PasswordHasher, passwordHasher } from '../password-hash.ts'
import type { AccountStore } from '../stores/accounts.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'
import { reportLine } from '../trouble.ts'
import { type AuditLog, auditLog } from './audit.ts'
import { type Enter, enterFlow, type LoginReply } from './enter.ts'
import { type IdentityFlow, identityFlow } from './identities.ts'
import { type Limiter, limiter } from './limiter.ts'
import type { NonceFlow } from './nonce.ts'
import { type NumberOwners, numberOwners } from './number-owner.ts'
import { type OneTapFlow, oneTapFlow } from './one-tap.ts'
import { type PasswordFlow, passwordFlow } from './password.ts'
import { type ProfileFlow, profileFlow } from './profile.ts'
import { type ReauthFlow, reauthFlow } from './reauth.ts'
import { type RebindFlow, rebindFlow } from './reissued.ts'
import type { SessionFlow, SessionOwner } from './session.ts'
import { type SmsCodeFlow, smsCodeFlow } from './sms-code.ts'
import { type ThirdPartyFlow, thirdPartyFlow } from './third-party.ts'
import { type TokenExchange, tokenExchange } from './token-exchange.ts'
import { type VerifyNumber, verifyNumberFlow } from './verify-number.ts'

export interface FlowParts {
  settings: Settings
  controls: ArmedControls
  outside: Outside
  accounts: AccountStore
  ephemeral: EphemeralStore
  sessions: SessionFlow
  nonces: NonceFlow
  stages: StageTimes
  nowMs: () => number
}

export interface Flows {
  oneTap: OneTapFlow
  sms: SmsCodeFlow
  loginBySms: (body: Record<string, unknown>, ip: string) => Promise<LoginReply>
  password: PasswordFlow
  thirdParty: ThirdPartyFlow
  identities: IdentityFlow
  reauth: ReauthFlow
  profile: ProfileFlow
  verifyNumber: VerifyNumber
  rebind: RebindFlow
  audit: AuditLog
  hasher: PasswordHasher
}

/** What several flows share. */
interface Shared extends FlowParts {
  limits: Limiter
  owners: NumberOwners
  exchange: TokenExchange
  enter: Enter
  sms: SmsCodeFlow
  audit: AuditLog
  hasher: PasswordHasher
}

/** Wires the flows. Each control is armed once and handed to those who ask it. */
export function openFlows(parts: FlowParts): Flows {
  const { controls, outside, accounts, sessions, nonces, nowMs, ephemeral } = parts
  const limits = limiter(parts.settings.limits, ephemeral, controls['limit-counting'](ephemeral))
  const recovery = controls['recovery-cut'](accounts)
  const part = controls['reissue-unbinds']({
    cutSessions: identityId => sessions.cutIdentity(identityId),
    unbind: identityId => recovery.unbind(identityId),
  })
  const ask = controls['subscriber-checked'](outside.subscribers)
  const sms = openSmsCodes(parts, limits)
  const forgetCodes = (msisdn: string): Promise<void> => sms.forget(msisdn)
  const owners = numberOwners({ accounts, store: ephemeral, ask, part, forgetCodes, nowMs })
  const audit = auditLog(accounts)
  const enter = openEnter(parts, { owners, audit, limits, askOwners: ask !== undefined })
  const exchange = openExchange(parts, limits)
  const shared: Shared = { ...parts, limits, owners, exchange, enter, sms, audit, hasher: passwordHasher() }
  const thirdParty = thirdPartyFlow({
    providers: outside.providers,
    identity: controls['provider-identity'](),
    enter,
    refusedLogins: controls['refused-logins-limited'](limits),
  })
  const reauth = openReauth(shared)
  return {
    oneTap: oneTapFlow({ gate: nonces.gate('login'), exchange, deadline: outside.deadline, enter }),
    sms,
    loginBySms: async (body, ip) => {
      const identifier = await sms.prove('login', body, ip)
      return enter({ type: 'phone', identifier, method: 'sms', ip, body })
    },
    password: openPasswords(shared, reauth),
    thirdParty,
    identities: openIdentities(shared, reauth, thirdParty),
    reauth,
    profile: profileFlow({ accounts, mask: controls['number-masked'](), nested: controls['profile-fields'](), nowMs }),
    verifyNumber: verifyNumberFlow({
      checks: outside.numberChecks,
      trust: controls['carrier-token-verified'](),
      limits: controls['verify-limits'](limits, controls['carrier-token-once'](ephemeral)),
      accounts,
      readNumber: controls['number-canonical'](),
      gate: nonces.gate('verify'),
    }),
    rebind: rebindFlow({
      accounts,
      newOwner: controls['reissue-told-apart'](),
      owners,
      order: controls['notice-order'](),
      nowMs,
    }),
    audit,
    hasher: shared.hasher,
  }
}

interface EnterMeans {
  owners: NumberOwners
  audit: AuditLog
  limits: Limiter
  askOwners: boolean
}

function openEnter({ settings, controls, accounts, ephemeral, sessions, stages, nowMs }: FlowParts, means: EnterMeans): Enter {
  const { owners, audit, limits, askOwners } = means
  const lockout = controls.lockout(limits, ephemeral)
  const write = controls['log-lines']()
  return enterFlow({
    logIn: stages.timed('account', controls['claims-end-at-login'](accounts)),
    touch: (identityId, atMs, ip) => accounts.touch(identityId, atMs, ip),
    owners,
    askOwners,
    begin: stages.timed('token', (owner: SessionOwner, proposed: unknown, since?: string) =>
      sessions.begin(owner, proposed, since),
    ),
    audit,
    mayEnter: identifier => lockout.mayEnter(identifier),
    log: line => {
      const text = write(line, settings.logLogins)
      if (text !== undefined) reportLine(text)
    },
    nowMs,
  })
}

function openExchange({ settings, controls, outside, ephemeral, stages }: FlowParts, limits: Limiter): TokenExchange {
  return tokenExchange({
    carriers: outside.carriers,
    route: controls['carrier-routing'](outside.carriers),
    app: controls['app-binding'](),
    trust: controls['carrier-token-verified'](),
    anyToken: controls['carrier-request-written']().anyToken,
    firstUse: controls['carrier-token-once'](ephemeral),
    numberFrom: controls['number-from-carrier'](),
    fields: controls['request-fields'](),
    refusedLogins: controls['refused-logins-limited'](limits),
    extraDelayMs: settings.extraDelayMs,
    stages,
  })
}

function openSmsCodes({ controls, outside, ephemeral }: FlowParts, limits: Limiter): SmsCodeFlow {
  return smsCodeFlow({
    gateway: outside.sms,
    vault: controls['code-vault'](ephemeral),
    tell: controls['code-secret'](),
    admit: controls['sms-limits'](limits),
    limitKey: controls['limit-key'](),
    readNumber: controls['number-canonical'](),
    limiter: limits,
  })
}

function openReauth({ controls, ephemeral, accounts, nonces, ...shared }: Shared): ReauthFlow {
  return reauthFlow({
    store: ephemeral,
    accounts,
    owners: shared.owners,
    book: controls['one-password'](accounts),
    hasher: shared.hasher,
    bounds: controls['input-bounds'](),
    limiter: shared.limits,
    sms: shared.sms,
    exchange: shared.exchange,
    gate: nonces.gate('reauth'),
    enforce: controls['reauth-required'](),
  })
}

function openPasswords({ controls, ephemeral, accounts, sessions, nowMs, ...shared }: Shared, reauth: ReauthFlow): PasswordFlow {
  return passwordFlow({
    accounts,
    owners: shared.owners,
    hasher: shared.hasher,
    book: controls['one-password'](accounts),
    bounds: controls['input-bounds'](),
    answers: controls['uniform-answers'](),
    lockout: controls.lockout(shared.limits, ephemeral),
    limitKey: controls['limit-key'](),
    readNumber: controls['number-canonical'](),
    recovery: controls['recovery-cut'](accounts),
    proveReset: controls['reset-proved'](),
    epochOf: accountId => sessions.epochOf(accountId),
    cutSessions: controls['credential-change-cuts'](sessions),
    sms: shared.sms,
    reauth,
    enter: shared.enter,
    audit: shared.audit,
    nowMs,
  })
}

function openIdentities(shared: Shared, reauth: ReauthFlow, thirdParty: ThirdPartyFlow): IdentityFlow {
  const { controls, accounts, ephemeral, nonces, outside, owners, sessions, sms, exchange, limits, settings, nowMs } = shared
  return identityFlow({
    accounts,
    owners,
    sessions,
    reauth,
    sms,
    thirdParty,
    exchange,
    gate: nonces.gate('bind'),
    proved: controls['bind-proved'](),
    noteClaim: controls['identifier-verified'](accounts),
    readNumber: controls['number-canonical'](),
    mask: controls['number-masked'](),
    bounds: controls['input-bounds'](),
    vault: controls['code-vault'](ephemeral),
    outbox: outside.outbox,
    limiter: limits,
    onePerType: settings.oneIdentityPerType,
    nowMs,
  })
}
