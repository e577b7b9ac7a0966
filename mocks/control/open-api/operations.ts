import { NUMBER_EVENT_KINDS } from '../../../src/contract/number-life.ts'
import { IDENTITY_PROVIDER_IDS } from '../../../src/contract/third-party.ts'
import { type ApiOperation, count, fields, flag, listOf, oneOf, open, ref, text, timeMs } from './operation.ts'
import { carrier, filter, provider } from './schemas.ts'

const done = (name: string): ApiOperation['reply'] => fields({ [name]: flag })
const { tokens: _tokens, ...textFilter } = filter

const about: readonly ApiOperation[] = [
  { method: 'get', path: '/', open: true, summary: 'The live page.', reply: text, replyType: 'text/html' },
  { method: 'get', path: '/page.css', open: true, summary: 'Its style.', reply: text, replyType: 'text/css' },
  { method: 'get', path: '/page.js', open: true, summary: 'Its script.', reply: text, replyType: 'text/javascript' },
  {
    method: 'get',
    path: '/__onetap/identity',
    open: true,
    summary: 'Who answers, and for which run.',
    reply: fields({
      runId: text,
      role: { const: 'mocks' },
      version: text,
      carriers: listOf(carrier),
      providers: listOf(provider),
    }),
  },
  { method: 'get', path: '/__onetap/health', open: true, summary: 'Lives.', reply: fields({ status: { const: 'ok' } }) },
  { method: 'get', path: '/__onetap/openapi.json', summary: 'This document.', reply: open },
  {
    method: 'get',
    path: '/__onetap/metrics',
    summary: 'Figures since the last reset as OpenMetrics text.',
    reply: text,
    replyType: 'application/openmetrics-text',
  },
]

const behaviour: readonly ApiOperation[] = [
  { method: 'get', path: '/__onetap/behaviour', summary: 'How the mocks behave now.', reply: ref('Behaviour') },
  {
    method: 'put',
    path: '/__onetap/behaviour',
    summary: 'Sets the fields given; the others stay.',
    body: { type: 'object' },
    reply: ref('Behaviour'),
  },
  {
    method: 'patch',
    path: '/__onetap/behaviour',
    summary: 'Works a merge patch in; faults may be patched by name. A latency with a kind is taken whole.',
    body: open,
    mergePatch: true,
    reply: ref('Behaviour'),
  },
  { method: 'get', path: '/__onetap/faults', summary: 'Fault rules by name.', reply: ref('FaultsInForce') },
  {
    method: 'patch',
    path: '/__onetap/faults',
    summary: 'Puts rules in, changes them, or takes them away (null), by name. A rule changed counts its times from now.',
    body: { type: 'object', additionalProperties: { type: ['object', 'null'] } },
    mergePatch: true,
    reply: ref('FaultsInForce'),
  },
  { method: 'delete', path: '/__onetap/faults', summary: 'Takes all rules away.', reply: ref('FaultsInForce') },
  {
    method: 'post',
    path: '/__onetap/clock',
    summary: 'Pushes the clock that tokens age by forward.',
    body: fields({ advanceMs: count }),
    reply: fields({ nowMs: timeMs, aheadMs: timeMs }),
  },
  {
    method: 'post',
    path: '/__onetap/reset',
    summary: 'Forgets what happened: journal, tokens, number lives, inboxes, pushed clock. Behaviour stays.',
    reply: done('reset'),
  },
  {
    method: 'get',
    path: '/__onetap/snapshot',
    summary: 'Behaviour, clock, tokens and number lives as one sealed text.',
    reply: fields({ snapshot: text }),
  },
  {
    method: 'post',
    path: '/__onetap/restore',
    summary: 'Takes everything back to a snapshot of the same seed.',
    body: fields({ snapshot: text }),
    reply: done('restored'),
  },
]

const journal: readonly ApiOperation[] = [
  {
    method: 'get',
    path: '/__onetap/journal',
    summary: 'Calls, filtered, page by page.',
    query: { ...textFilter, token: text, sinceSeq: count, limit: count, newest: flag },
    reply: ref('JournalPage'),
  },
  { method: 'delete', path: '/__onetap/journal', summary: 'Forgets the calls alone.', reply: done('reset') },
  {
    method: 'post',
    path: '/__onetap/journal/query',
    summary: 'The same with the filter in the body, and for several tokens.',
    body: ref('JournalQuery'),
    reply: ref('JournalPage'),
  },
  { method: 'get', path: '/__onetap/journal/totals', summary: 'Sums over all calls.', reply: ref('JournalTotals') },
  {
    method: 'post',
    path: '/__onetap/journal/load-tokens',
    summary: 'Which load tokens of a range gave out no number.',
    body: fields({ from: count, to: count }),
    reply: fields({ from: count, to: count, called: count, redeemed: count, unredeemed: listOf(count), unnamed: count }),
  },
  {
    method: 'post',
    path: '/__onetap/verify',
    summary: 'Holds an expected count against the journal and tells the difference.',
    body: fields({}, { match: ref('JournalFilter'), exactly: count, atLeast: count, atMost: count }),
    reply: fields({
      ok: flag,
      conclusive: flag,
      count,
      pending: count,
      rows: listOf(ref('JournalRow')),
      near: listOf(fields({ differs: text, row: ref('JournalRow') })),
    }),
  },
]

const people: readonly ApiOperation[] = [
  {
    method: 'post',
    path: '/__onetap/subscribers',
    summary: 'A subscriber nobody has used.',
    body: fields({}, { carrier }),
    reply: ref('HandsetSim'),
  },
  { method: 'get', path: '/__onetap/subscribers/{index}', summary: 'A subscriber with a profile.', reply: open },
  {
    method: 'post',
    path: '/__onetap/tokens',
    summary: 'A token for a given or fresh subscriber, as its handset would get it.',
    body: fields(
      {},
      { index: count, msisdn: text, fresh: flag, carrier, provider, appId: text, purpose: oneOf('login', 'verify') },
    ),
    reply: ref('IssuedToken'),
  },
  {
    method: 'post',
    path: '/__onetap/life',
    summary: 'Lets something happen to a number, and perhaps tells a target.',
    body: fields(
      { msisdn: text, kind: oneOf(...NUMBER_EVENT_KINDS) },
      { toCarrier: carrier, occurredAt: { type: 'string', format: 'date-time' }, deliver: open },
    ),
    reply: open,
  },
  { method: 'get', path: '/__onetap/numbers/{msisdn}', summary: 'The operators’ books about a number.', reply: open },
]

const messages: readonly ApiOperation[] = [
  {
    method: 'post',
    path: '/__onetap/sms/query',
    summary: 'Texts that reached phones.',
    body: fields({}, { to: text, sinceSeq: count }),
    reply: fields({ messages: listOf(open) }),
  },
  {
    method: 'post',
    path: '/__onetap/notices/query',
    summary: 'Tries to deliver notices.',
    body: fields({}, { eventId: text, sinceSeq: count }),
    reply: open,
  },
  {
    method: 'post',
    path: '/__onetap/notices/flush',
    summary: 'Lets notices go that are kept back to be shuffled.',
    reply: fields({ pending: count }),
  },
  {
    method: 'put',
    path: '/__onetap/notices/subscriptions',
    summary: 'How notices to subscribers (CAMARA) are delivered.',
    body: open,
    reply: open,
  },
  {
    method: 'post',
    path: '/__onetap/third-party/credentials',
    summary: 'What a third-party login would give the app.',
    body: fields({ provider: oneOf(...IDENTITY_PROVIDER_IDS), user: count }, { app: oneOf('target', 'foreign') }),
    reply: open,
  },
  {
    method: 'post',
    path: '/__onetap/third-party/revoke',
    summary: 'Takes an access token back.',
    body: fields({ provider: oneOf(...IDENTITY_PROVIDER_IDS), accessToken: text }),
    reply: done('revoked'),
  },
]

/** Every route of the control plane. A route without a row here fails a test. */
export const OPERATIONS: readonly ApiOperation[] = [...about, ...behaviour, ...journal, ...people, ...messages]
