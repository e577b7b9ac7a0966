import type { Attack, AttackEvidence, AttackMeta, Judgement, TranscriptEntry } from '../../src/contract/attack.ts'
import type { JournalRow } from '../../src/contract/journal.ts'

const META: readonly Omit<AttackMeta, 'needs' | 'notices' | 'api2023'>[] = [
  {
    id: 'ft-carrier-random',
    family: 'forged-token',
    title: 'Carrier token made up at random',
    about:
      'Sends tokens of the right shape that no carrier issued. Letting one in would mean the backend does not ask the carrier.',
    severity: 'critical',
    cwe: [345],
    asvs: ['6.8.4'],
    has: 'nothing but the app',
  },
  {
    id: 'ft-jwt-alg-none',
    family: 'forged-token',
    title: 'Session token without a signature',
    about: 'Rewrites the backend’s own JWT to name another account and to need no signature.',
    severity: 'critical',
    cwe: [347],
    asvs: ['9.1.1'],
    has: 'an account of its own',
  },
  {
    id: 'rp-carrier-token-serial',
    family: 'replay',
    title: 'Carrier token used a second time',
    about: 'Logs in, then sends the same carrier token again with a fresh nonce.',
    severity: 'high',
    cwe: [294],
    asvs: ['6.5.1'],
    has: 'one used token',
  },
  {
    id: 'rp-nonce-race',
    family: 'replay',
    title: 'Nonce used many times at once',
    about: 'Releases many logins with one nonce in the same instant, by holding back the last byte of every request.',
    severity: 'high',
    cwe: [367, 362],
    asvs: ['15.4.2', '2.3.4'],
    has: 'valid tokens of its own number',
  },
  {
    id: 'nr-old-session',
    family: 'number-reuse',
    title: 'Session outlives the number',
    about: 'The carrier gives the number to someone else and says so. A session opened by the old owner must die.',
    severity: 'high',
    cwe: [613],
    asvs: ['7.4.2'],
    has: 'a session from before the number changed hands',
  },
]

/** Attacks whose judgement lies in the observation: samples must not change when a real attack is reworded. */
export const sampleAttacks: readonly Attack[] = META.map(meta => ({
  meta: { ...meta, api2023: ['API2'], needs: ['oneTap'], notices: [] },
  observe: async () => null,
  judge: observation => observation as unknown as Judgement,
}))

const passes: Readonly<Record<string, string>> = {
  'ft-carrier-random': '40 made-up tokens were refused, each after at most one carrier call.',
  'ft-jwt-alg-none': 'The rewritten session token was refused on every path that was tried.',
  'rp-carrier-token-serial': 'The used token was refused and the carrier was not charged again.',
  'rp-nonce-race': 'In 5 rounds of 8 logins at once, one nonce bought one session and one carrier call.',
  'nr-old-session': 'The old session was dead 0.3 s after the notice.',
}

export function withstood(id: string): AttackEvidence {
  return evidenceOf(id, { outcome: 'pass', claim: passes[id] ?? '' }, { requests: 12, durationMs: 340 })
}

export function notApplicable(id: string, reason: string): AttackEvidence {
  return evidenceOf(id, null, { status: 'not-applicable', reason, requests: 2, durationMs: 25 })
}

export function unclear(id: string, after: string): AttackEvidence {
  return evidenceOf(id, { outcome: 'pass', claim: passes[id] ?? '' }, { control: { before: null, after } })
}

/** A race that one nonce won several times, with what went over the wire. */
export function raceWon(): AttackEvidence {
  return evidenceOf(
    'rp-nonce-race',
    {
      outcome: 'fail',
      claim: 'One nonce bought 3 sessions: it is checked and consumed in two steps.',
      expected: 'One session and one carrier call per nonce, however many requests carry it.',
      observed: 'In round 1, 3 of 8 logins held a credential that opens the account; the carrier redeemed 3 tokens.',
      proof: {
        kind: 'second-session',
        text: 'Credentials of exchanges 2, 3 and 5 each answered on /api/me.',
        exchanges: [2, 3, 5],
        journal: [61, 62, 63],
      },
    },
    {
      requests: 58,
      durationMs: 1840,
      transcript: [1, 2, 3].map(exchange),
      journal: [61, 62, 63].map(journalRow),
    },
  )
}

function exchange(id: number): TranscriptEntry {
  const nonce = id === 1
  return {
    id,
    op: nonce ? 'nonce' : 'oneTap',
    atMs: 12 + id * 3,
    request: {
      method: 'POST',
      url: nonce ? 'http://127.0.0.1:40001/api/nonce' : 'http://127.0.0.1:40001/api/login/one-tap',
      headers: { 'Content-Type': 'application/json' },
      body: nonce ? '{}' : `{"carrier":"china-mobile","token":"STsid…[token ${id}]","appId":"300011","nonce":"…[nonce 1]"}`,
    },
    response: {
      status: 200,
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: nonce
        ? '{"nonce":"…[nonce 1]","expiresIn":300}'
        : `{"code":0,"tokenA":"…[credential ${id}]","user":{"id":"u-1007","phone":"138****5678"}}`,
      truncated: false,
    },
  }
}

function journalRow(seq: number): JournalRow {
  return {
    seq,
    arrivedAtMs: Date.UTC(2030, 5, 1, 9, 32, 11) + (seq - 61) * 0.4,
    provider: 'china-mobile',
    carrier: 'china-mobile',
    operation: 'loginTokenValidate',
    token: `…[token ${seq - 59}]`,
    tokenKind: 'handset',
    appId: '300011',
    signature: 'ok',
    httpStatus: 200,
    resultCode: '103000',
    redeemed: true,
    billed: true,
    intendedUs: 80_000,
    actualUs: 80_210,
  }
}

function evidenceOf(attackId: string, judgement: Judgement | null, more: Partial<AttackEvidence>): AttackEvidence {
  return {
    attackId,
    control: { before: null, after: null },
    status: 'observed',
    observation: judgement as unknown as AttackEvidence['observation'],
    transcript: [],
    journal: [],
    durationMs: 300,
    requests: 10,
    ...more,
  }
}
