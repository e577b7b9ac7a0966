/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Runs in the browser, as a module of its own: it imports types alone, so stripping the types is all the building it needs.
 * Everything shown is set as text, never as markup.
 */
import type { FaultAct, FaultId } from '../../../src/contract/fault.ts'
import type { HandsetSim, IssuedToken, JournalRow, JournalTotals, MockBehaviour } from '../../../src/contract/journal.ts'

const POLL_MS = 1000
const ROWS_SHOWN = 50

/** What a fault switched on here does beside its share; the rest is for the control plane. */
const ACTS: { readonly [Id in FaultId]: Omit<Extract<FaultAct, { id: Id }>, 'id'> } = {
  'error-rate': { answer: 'http' },
  throttle: { ratePerSecond: 0 },
  'ip-refused': {},
  redirect: { status: 302 },
  'other-subscriber': {},
  'clock-skew': { skewMs: 3_600_000 },
  'wrong-echo': {},
  mislabelled: { status: 500 },
  malformed: {},
  'wrong-content-type': { contentType: 'text/html' },
  hang: { holdMs: 10_000 },
  reset: {},
  'half-close': {},
  'slow-body': { overMs: 5_000, chunks: 10 },
  truncated: { keepShare: 0.5 },
  'duplicate-answer': {},
  'late-answer': { lateMs: 5_000 },
}

let token = ''

function at<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`no element ${id}`)
  return element as T
}

function say(text: string): void {
  at('status').textContent = text
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/__onetap${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as T & { error?: { message: string } }
  if (!response.ok) throw new Error(answer.error?.message ?? `HTTP ${response.status}`)
  return answer
}

/** Runs what a person asked for; what goes wrong is said where they look. */
function attempt(what: () => Promise<void>): void {
  what().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)))
}

function onSubmit(id: string, what: () => Promise<void>): void {
  at<HTMLFormElement>(id).addEventListener('submit', event => {
    event.preventDefault()
    attempt(what)
  })
}

function row(cells: readonly string[]): HTMLTableRowElement {
  const line = document.createElement('tr')
  for (const cell of cells) line.insertCell().textContent = cell
  return line
}

function fill(id: string, values: readonly string[]): void {
  at(id).replaceChildren(...values.map(value => new Option(value, value)))
}

async function connect(): Promise<void> {
  const field = at<HTMLInputElement>('token')
  token = field.value.trim()
  const { carriers, providers } = await ask<{ carriers: string[]; providers: string[] }>('GET', '/identity')
  await showFaults()
  field.value = ''
  fill('carrier', carriers)
  fill('provider', ['the carrier itself', ...providers])
  at('login').hidden = true
  at('live').hidden = false
  say(`Connected; ${providers.length} providers.`)
  poll()
}

async function showFaults(): Promise<void> {
  const { faults, latency } = await ask<MockBehaviour>('GET', '/behaviour')
  for (const id of Object.keys(ACTS)) {
    const rule = faults.find(one => one.id === id && one.name === undefined)
    at<HTMLInputElement>(`fault-${id}`).checked = rule !== undefined
    const share = at<HTMLInputElement>(`share-${id}`)
    if (rule !== undefined && document.activeElement !== share) share.value = String(rule.share * 100)
  }
  at('latency-now').textContent = `Now: ${JSON.stringify(latency).slice(0, 200)}`
}

async function switchFault(id: FaultId): Promise<void> {
  const isOn = at<HTMLInputElement>(`fault-${id}`).checked
  const share = Number(at<HTMLInputElement>(`share-${id}`).value) / 100
  try {
    await ask('PATCH', '/faults', { [id]: isOn ? { ...ACTS[id], share } : null })
    say(isOn ? `${id} strikes ${share * 100} % of the calls.` : `${id} is off.`)
  } finally {
    await showFaults()
  }
}

async function tail(): Promise<void> {
  const { rows } = await ask<{ rows: JournalRow[] }>('POST', '/journal/query', { newest: true, limit: ROWS_SHOWN })
  const lines = rows.toReversed().map(one => {
    const faults = [one.fault, ...(one.otherFaults ?? [])].filter(fault => fault !== undefined)
    const took = (one.actualUs / 1000).toFixed(1)
    return row([String(one.seq), one.provider, one.operation, one.resultCode, faults.join(', '), took, one.token])
  })
  at('journal').replaceChildren(...lines)
  const { calls, redeemed, billed } = await ask<JournalTotals>('GET', '/journal/totals')
  at('totals').textContent = `${calls} calls, ${redeemed} numbers given out, ${billed} billed.`
}

function poll(): void {
  attempt(async () => {
    try {
      await Promise.all([tail(), showFaults()])
    } finally {
      setTimeout(poll, POLL_MS)
    }
  })
}

onSubmit('login', connect)
onSubmit('latency', async () => {
  const ms = Number(at<HTMLInputElement>('latency-ms').value)
  await ask('PUT', '/behaviour', { latency: { kind: 'fixed', ms } })
  await showFaults()
})
onSubmit('fresh', async () => {
  const sim = await ask<HandsetSim>('POST', '/subscribers', { carrier: at<HTMLSelectElement>('carrier').value })
  at<HTMLInputElement>('number').value = sim.msisdn
  say(`Subscriber ${sim.index}: ${sim.msisdn}, ${sim.carrier}, IMSI ${sim.imsi}.`)
})
onSubmit('mint', async () => {
  const msisdn = at<HTMLInputElement>('number').value
  const chosen = at<HTMLSelectElement>('provider')
  const provider = chosen.selectedIndex === 0 ? {} : { provider: chosen.value }
  const purpose = at<HTMLSelectElement>('purpose').value
  const issued = await ask<IssuedToken & { provider?: string }>('POST', '/tokens', { msisdn, purpose, ...provider })
  at('tokens').prepend(row([msisdn, issued.carrier, issued.provider ?? issued.carrier, issued.appId, issued.token]))
})
for (const id of Object.keys(ACTS) as FaultId[]) {
  at(`fault-${id}`).addEventListener('change', () => attempt(() => switchFault(id)))
}
at('reset').addEventListener('click', () =>
  attempt(async () => {
    await ask('POST', '/reset')
    at('tokens').replaceChildren()
    await tail()
    say('The mocks forgot what happened.')
  }),
)
