import type { Finding } from '../src/contract/finding.ts'
import type { StepOutcome } from '../src/contract/flow.ts'
import { exhaustive } from '../src/contract/json.ts'
import type { Gate, Result, SeriesSummary } from '../src/contract/result.ts'
import type { Outcome } from '../src/contract/verdict.ts'

/** A sign for each outcome that differs in shape, so that nothing rests on colour. */
export function signOf(outcome: Outcome): string {
  switch (outcome) {
    case 'pass':
      return '✓'
    case 'fail':
      return '✗'
    case 'inconclusive':
      return '?'
    case 'error':
      return '!'
    case 'not-applicable':
      return '–'
    default:
      return exhaustive(outcome)
  }
}

/** The verdict in a sentence a person can act on. */
export function verdictSentence({ verdict, attacks }: Pick<Result, 'verdict' | 'attacks'>): string {
  switch (verdict) {
    case 'pass':
      return attacks.some(({ outcome }) => outcome === 'fail')
        ? 'Everything held but for what is known and accepted.'
        : 'Everything that was asked for held.'
    case 'fail':
      return 'The backend did not hold.'
    case 'inconclusive':
      return 'There is not enough valid evidence to say either way.'
    case 'error':
      return 'The run could not be carried out as planned.'
    default:
      return exhaustive(verdict)
  }
}

/** A count or rate: three figures at least, no more digits than it deserves; a missing one is a dash, never 0. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  return Number.isInteger(value) ? grouped(value.toFixed(0)) : milliseconds(value)
}

/** The same for figures that stand below each other in a column: whole ones keep their decimals. */
export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  return grouped(value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2))
}

/** 12345.6 -> 12 345.6 with narrow spaces: the same in every locale. */
function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.')
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f')
  return fraction === undefined ? groups : `${groups}.${fraction}`
}

export function percent(share: number | null): string {
  if (share === null) return '–'
  const value = share * 100
  return `${value === 0 || value >= 10 ? value.toFixed(value === 0 || value === 100 ? 0 : 1) : value.toFixed(2)} %`
}

/** 83 s, 4 min 10 s. */
export function duration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return `${number(seconds)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/** A gate's figure in its own unit. */
export function gateFigure(value: number | null, unit: Gate['unit']): string {
  switch (unit) {
    case 'ms':
      return value === null ? '–' : `${milliseconds(value)} ms`
    case 'share':
      return percent(value)
    case 'attacks':
      return value === null ? '–' : `${value} got in`
    case 'per-second':
      return value === null ? '–' : `${number(value)}/s`
    case 'calls':
      return number(value)
    default:
      return exhaustive(unit)
  }
}

const SERIES_TITLES: Record<SeriesSummary['series'], string> = {
  nonce: 'nonce',
  oneTap: 'login (one-tap exchange)',
  me: 'me (use the credential)',
  logout: 'logout',
  rebind: 'rebind notice',
  verifyNumber: 'number verification',
  smsSend: 'code sent by SMS',
  smsLogin: 'login (SMS code)',
  passwordLogin: 'login (password)',
  passwordChange: 'password change',
  passwordReset: 'password reset',
  thirdPartyLogin: 'login (third party)',
  reauth: 're-authentication',
  bind: 'bind an identity',
  unbind: 'remove an identity',
  refresh: 'refresh',
  logoutAll: 'logout everywhere',
  profileChange: 'profile change',
  accountById: 'account by id',
  identityList: 'list of identities',
  prefetchMask: 'masked number (phone)',
  authorize: 'carrier token (phone)',
  readSms: 'text message (phone)',
  agreeAtProvider: 'provider’s page (phone)',
  connect: 'opening a connection',
  late: 'lateness of the generator',
  added_china_mobile: 'backend_added, China Mobile',
  added_china_unicom: 'backend_added, China Unicom',
  added_china_telecom: 'backend_added, China Telecom',
  backend_added: 'backend_added (login less carrier)',
}

/** What people call a series. */
export function seriesTitle(series: SeriesSummary['series']): string {
  return SERIES_TITLES[series]
}

export const STEP_TITLES: Record<StepOutcome, string> = {
  granted: 'granted',
  refused: 'refused',
  failed: 'failed',
  'carrier-failed': 'carrier told to fail',
}

/** The shell line that runs a finding's attack again, from the folder the run was started in. */
export function replayLine({ id }: Finding): string {
  return `npx onetap replay ${id}`
}
