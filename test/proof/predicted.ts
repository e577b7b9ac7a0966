import type { ProofKind } from '../../src/contract/attack.ts'

/** What each flaw predicts the attacks that notice it get; a catch by other means would be luck. Sorted by flaw. */
export const PREDICTED: Readonly<Record<string, Readonly<Record<string, ProofKind>>>> = {
  'app-binding=client-picks-endpoint': {
    'cf-redirect': 'outside-call',
    'su-app-substitution': 'carrier-call',
    'su-client-appid': 'carrier-call',
  },
  'bind-proved=bind-no-proof': { 'at-bind-taken': 'account-exposed' },
  'carrier-answer-read=loose-result-code': { 'cf-ambiguous': 'credential' },
  'carrier-answer-read=no-echo-check': { 'cf-wrong-echo': 'credential' },
  'carrier-answer-read=scrape-number': {
    'cf-ambiguous': 'credential',
    'cf-malformed': 'credential',
    'cf-wrong-echo': 'credential',
  },
  'carrier-calls=no-bulkhead': { 'do-goodput': 'carrier-call' },
  'carrier-calls=no-carrier-budget': { 'do-goodput': 'carrier-call', 'su-piggyback': 'carrier-call' },
  'carrier-calls=retry-unbounded': { 'do-retry-storm': 'carrier-call' },
  'carrier-calls=socket-mixup': { 'cf-crosstalk': 'account-exposed' },
  'carrier-deadline=late-success-counts': { 'cf-timeout': 'side-effect' },
  'carrier-request-written=string-carrier-request': {
    'ft-carrier-malformed': 'credential',
    'in-carrier-request': 'carrier-call',
  },
  'carrier-routing=carrier-fanout': {
    'do-attack-cost': 'carrier-call',
    'do-forged-flood': 'carrier-call',
    'do-retry-storm': 'carrier-call',
    'ft-carrier-expired': 'carrier-call',
    'ft-carrier-malformed': 'carrier-call',
    'ft-carrier-random': 'carrier-call',
    'ft-carrier-wrong-carrier': 'credential',
    'su-app-substitution': 'carrier-call',
  },
  'carrier-token-once=absent': { 'rp-carrier-token-race': 'second-session', 'rp-carrier-token-serial': 'second-session' },
  'carrier-token-once=seen-token-racy': { 'rp-carrier-token-race': 'second-session' },
  'carrier-token-verified=fail-open': {
    'cf-5xx': 'credential',
    'cf-ambiguous': 'credential',
    'cf-fail-closed': 'credential',
    'cf-malformed': 'credential',
    'cf-redirect': 'credential',
    'cf-timeout': 'credential',
    'cf-wrong-echo': 'credential',
  },
  'carrier-token-verified=lenient-token': { 'ft-carrier-malformed': 'credential', 'in-carrier-request': 'carrier-call' },
  'carrier-token-verified=trust-any-token': {
    'ft-carrier-expired': 'credential',
    'ft-carrier-malformed': 'credential',
    'ft-carrier-random': 'credential',
    'ft-carrier-wrong-carrier': 'credential',
    'su-app-substitution': 'credential',
    'su-purpose-swap': 'credential',
  },
  'claims-end-at-login=keep-foreign-ids': {
    'at-merge-unverified': 'account-exposed',
    'at-trojan-identifier': 'account-exposed',
  },
  'code-secret=otp-echo': { 'lk-otp-echo': 'disclosure' },
  'code-vault=code-not-bound': { 'at-otp-cross-number': 'account-exposed' },
  'code-vault=operator-objects': { 'in-nosql': 'account-exposed' },
  'code-vault=otp-unlimited': { 'at-otp-bruteforce': 'credential' },
  'code-vault=sms-code-no-ttl-or-racy': { 'rp-sms-code': 'second-session' },
  'code-vault=sms-code-reusable': { 'rp-sms-code': 'second-session' },
  'connection-deadlines=no-conn-deadline': { 'do-slow-connections': 'side-effect' },
  'credential-change-cuts=reset-keeps-sessions': { 'at-stale-session': 'session-alive' },
  'error-boundary=absent': {
    'ft-carrier-malformed': 'server-error',
    'ft-carrier-oversized': 'server-error',
    'lk-error-detail': 'disclosure',
  },
  'error-boundary=verbose-errors': { 'lk-error-detail': 'disclosure' },
  'identifier-verified=merge-unverified': {
    'at-merge-unverified': 'account-exposed',
    'at-trojan-identifier': 'account-exposed',
  },
  'identity-unique=bind-racy': { 'at-bind-taken': 'account-exposed' },
  'identity-unique=create-account-racy': { 'at-bind-taken': 'account-exposed', 'rp-carrier-token-race': 'second-session' },
  'input-bounds=costly-validator': { 'do-oversized': 'side-effect' },
  'input-bounds=no-size-limit': {
    'cf-malformed': 'side-effect',
    'do-oversized': 'side-effect',
    'ft-carrier-oversized': 'side-effect',
  },
  'jwt-claims=jwt-no-time': { 'ft-jwt-time': 'credential' },
  'jwt-claims=ticket-confusion': { 'ft-jwt-context': 'credential' },
  'jwt-secret=jwt-weak-secret': { 'ft-jwt-weak-secret': 'account-exposed' },
  'jwt-signature=alg-confusion': { 'ft-jwt-alg-confusion': 'account-exposed' },
  'jwt-signature=alg-none': { 'ft-jwt-alg-none': 'account-exposed' },
  'jwt-signature=jwt-header-key': { 'ft-jwt-key-source': 'account-exposed' },
  'jwt-signature=jwt-kid-lookup': { 'ft-jwt-kid': 'account-exposed' },
  'jwt-signature=unverified': {
    'ft-jwt-key-source': 'account-exposed',
    'ft-jwt-kid': 'account-exposed',
    'ft-jwt-signature': 'account-exposed',
    'ft-jwt-weak-secret': 'account-exposed',
  },
  'limit-counting=limit-racy': { 'rl-race': 'side-effect' },
  'limit-key=raw-limit-key': { 'rl-key-variation': 'side-effect' },
  'lockout=lock-by-victim': { 'do-victim-lockout': 'lock-out' },
  'log-lines=pii-in-logs': { 'lk-number-logs': 'disclosure' },
  'log-lines=raw-headers-logs': { 'in-header-log': 'side-effect' },
  'logout-revokes=logout-client-only': { 'se-logout': 'session-alive' },
  'nonce-burned-first=nonce-burn-late': { 'rp-nonce-race': 'carrier-call' },
  'nonce-burned-first=nonce-survives-failure': { 'rp-nonce-after-failure': 'credential' },
  'nonce-issue-bounded=nonce-store-unbounded': { 'do-nonce-store': 'side-effect' },
  'nonce-issued=fold-compare': { 'ft-unicode': 'credential' },
  'nonce-issued=format-only': {
    'do-attack-cost': 'carrier-call',
    'ft-unicode': 'credential',
    'rp-nonce-after-failure': 'credential',
    'rp-nonce-cross-context': 'credential',
    'rp-nonce-expired': 'credential',
    'rp-nonce-invented': 'credential',
    'rp-nonce-race': 'second-session',
    'rp-nonce-serial': 'second-session',
  },
  'nonce-issued=optional': { 'do-attack-cost': 'carrier-call', 'rp-nonce-absent': 'credential' },
  'nonce-lifetime=nonce-no-ttl': { 'rp-nonce-expired': 'credential' },
  'nonce-purpose=nonce-unbound': { 'rp-nonce-cross-context': 'credential' },
  'nonce-single-use=racy': { 'rp-nonce-race': 'second-session' },
  'nonce-single-use=reusable': {
    'rp-nonce-after-failure': 'credential',
    'rp-nonce-race': 'second-session',
    'rp-nonce-serial': 'second-session',
  },
  'nonce-store=nonce-per-instance': { 'rp-nonce-race': 'second-session', 'rp-nonce-two-instances': 'second-session' },
  'notice-authentic=notify-no-auth': { 'nr-notify-forged': 'lock-out' },
  'notice-order=notify-no-order': { 'nr-notify-race': 'lock-out', 'nr-notify-reordered': 'lock-out' },
  'notice-order=notify-not-idempotent': {
    'nr-notify-race': 'lock-out',
    'nr-notify-reordered': 'lock-out',
    'nr-notify-replayed': 'lock-out',
  },
  'number-canonical=late-normalise': { 'at-phone-normalise': 'account-exposed' },
  'number-canonical=raw-phone-key': { 'at-phone-normalise': 'credential', 'rl-key-variation': 'side-effect' },
  'number-from-carrier=body-number-wins': { 'su-number-in-body': 'account-exposed' },
  'number-masked=full-number-out': { 'lk-mask': 'disclosure', 'lk-number-response': 'disclosure', 'su-piggyback': 'disclosure' },
  'number-masked=thin-mask': { 'lk-mask': 'disclosure' },
  'one-password=password-per-row': { 'at-password-desync': 'credential' },
  'owner-checked=no-owner-check': { 'se-bola': 'account-exposed' },
  'profile-fields=mass-assign': { 'in-mass-assign': 'account-exposed' },
  'provider-identity=identifier-no-type': { 'at-provider-mixup': 'account-exposed' },
  'provider-identity=no-provider-audience': { 'at-provider-other-app': 'account-exposed' },
  'provider-identity=openid-from-client': { 'at-openid-client': 'account-exposed' },
  'random-values=nonce-predictable': { 'rp-nonce-predict': 'credential' },
  'random-values=weak-session-id': { 'ft-session-guess': 'account-exposed' },
  'reauth-required=no-reauth': { 'at-bind-no-reauth': 'account-exposed' },
  'recovery-cut=recovery-keeps-number': { 'nr-recovery': 'account-exposed' },
  'refresh-rotated=refresh-reusable': { 'se-refresh-reuse': 'second-session' },
  'refused-logins-limited=no-failed-login-limit': { 'do-forged-flood': 'carrier-call' },
  'reissue-told-apart=any-imsi-change': {
    'nr-ported': 'lock-out',
    'nr-reissue-level': 'lock-out',
    'nr-sim-replaced': 'lock-out',
  },
  'reissue-unbinds=ignored': {
    'nr-new-owner': 'account-exposed',
    'nr-notify-lost': 'account-exposed',
    'nr-notify-race': 'session-alive',
    'nr-old-session': 'session-alive',
    'nr-reissue-level': 'session-alive',
  },
  'reissue-unbinds=keeps-sessions': {
    'nr-notify-race': 'session-alive',
    'nr-old-session': 'session-alive',
    'nr-reissue-level': 'session-alive',
  },
  'request-fields=parser-split': { 'ft-parser-differential': 'account-exposed' },
  'reset-proved=client-step-state': { 'at-flow-skip': 'account-exposed' },
  'session-id-fresh=accept-client-sid': { 'se-fixation': 'account-exposed' },
  'sms-limits=sms-no-global-limit': { 'do-sms-pumping': 'side-effect' },
  'sms-limits=sms-no-number-limit': { 'do-sms-pumping': 'side-effect' },
  'source-address=trust-xff': { 'rl-forwarded-for': 'side-effect' },
  'sql-parameters=string-sql': { 'in-sql': 'side-effect' },
  'subscriber-checked=no-subscriber-check': { 'nr-notify-lost': 'account-exposed' },
  'uniform-answers=enum-early-exit': { 'lk-enum-timing': 'disclosure' },
  'uniform-answers=enum-message': { 'lk-enum-response': 'disclosure' },
  'verify-limits=verify-partial-free': { 'lk-verify-oracle': 'disclosure' },
  'verify-limits=verify-unlimited': { 'lk-verify-oracle': 'disclosure' },
}

/** What some flaws need to show: more of the patient's environment. */
export const ENVIRONMENT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // With China Mobile's RSA mode there is no number to be read off its answers.
  'carrier-answer-read=scrape-number': { CMCC_PRIVATE_KEY: '' },
  // A secret cannot be taken for a public key.
  'jwt-signature=alg-confusion': { JWT_ALG: 'RS256' },
  // Budgets that a run can use up.
  'carrier-calls=no-carrier-budget': { CARRIER_CALLS_PER_SECOND: '100' },
  'nonce-issue-bounded=nonce-store-unbounded': { LIMITS: 'nonce-source-minute=1000' },
  'nonce-store=nonce-per-instance': { DIALECT: 'two-instances' },
  'random-values=weak-session-id': { SESSION: 'opaque' },
  // A JWT is never what a client proposes.
  'session-id-fresh=accept-client-sid': { SESSION: 'opaque' },
}

/**
 * Cells that may be inconclusive instead of green, and why. `all`: whatever is not predicted.
 *
 * - A target that breaks on malformed input has not refused it: that nothing got in shows no check, and the crash is
 *   ft-carrier-malformed's to report.
 * - Where an invented token logs in, there is no failed login to look at.
 * - Where there is no limit, none can be passed.
 * - In SQL put together as text a password's hash, which holds `$`, does not survive: no password logs in.
 * - Ten tries at a silent carrier, or one at each, outlast what a client waits for; ten failures for each login open the target's
 *   circuit breaker, and whoever comes next finds it open.
 * - Attacks on notices need one that is acted on.
 * - Carriers that get broken requests answer with errors, and the target's circuit breaker then shuts everybody out.
 */
export const BLURRED: Readonly<Record<string, 'all' | readonly string[]>> = {
  'carrier-calls=retry-unbounded': 'all',
  'carrier-request-written=string-carrier-request': 'all',
  'carrier-routing=carrier-fanout': ['cf-timeout'],
  'carrier-token-verified=trust-any-token': ['rp-nonce-after-failure'],
  'error-boundary=absent': [
    'at-openid-client',
    'at-otp-cross-number',
    'at-phone-normalise',
    'do-oversized',
    'ft-carrier-wrong-carrier',
    'ft-parser-differential',
    'ft-unicode',
    'in-carrier-request',
    'in-nosql',
    'rl-key-variation',
    'rp-nonce-absent',
    'rp-nonce-invented',
    'su-purpose-swap',
  ],
  'reissue-unbinds=ignored': ['nr-notify-forged', 'nr-notify-reordered', 'nr-notify-replayed'],
  'reissue-unbinds=keeps-sessions': ['nr-notify-forged', 'nr-notify-reordered', 'nr-notify-replayed'],
  'sms-limits=sms-no-global-limit': ['rl-forwarded-for'],
  'sms-limits=sms-no-number-limit': ['rl-key-variation', 'rl-race'],
  'sql-parameters=string-sql': ['at-flow-skip', 'at-password-desync', 'lk-enum-response', 'lk-enum-timing', 'nr-recovery'],
}
