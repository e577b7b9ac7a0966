import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { CARRIER_IDS, type CarrierId } from '../../src/contract/carriers.ts'
import type { FaultAct, FaultRule } from '../../src/contract/fault.ts'
import {
  type BackgroundFacts,
  FAIL_CLOSED_LOADS,
  FAIL_CLOSED_TROUBLES,
  type FailClosedCell,
  type FailClosedLoad,
  type FailClosedMap,
  type FailClosedTrouble,
} from '../../src/contract/figures.ts'
import { readySiege } from '../kit/besieged.ts'
import { cellsOf, type Spell } from '../kit/fail-closed-cells.ts'
import { count, fail, inconclusive, pass } from '../kit/judging.ts'
import { signIn } from '../kit/sign-in.ts'

type Observation = { spells: Spell[]; load: BackgroundFacts | null }

/** Longer than honest users wait for a carrier, shorter than they wait for an app. */
const SLOW_MS = 1000
/** A login asks its store several times, and each answer comes so much later. */
const SLOW_STORE_MS = 300
const RECOVERED_WITHIN_MS = 15_000

export default defineAttack<Observation>({
  meta: {
    id: 'cf-fail-closed',
    family: 'carrier-failure',
    title: 'What opens while something is broken',
    about:
      'Presents forged tokens, used nonces, spent tokens and the session of a number’s former holder while carriers are slow, broken or confused and while the nonce store is slow or gone, idle and under load. Each combination may be slow, refuse or err; one that lets the enemy in means that breaking a dependency is a way in.',
    severity: 'critical',
    cwe: [636, 280],
    asvs: ['16.5.3'],
    api2023: ['API10'],
    has: 'an outage, caused or waited for',
    needs: ['oneTap', 'me'],
    notices: ['carrier-token-verified=fail-open'],
    mayNotice: [
      'carrier-answer-read=loose-result-code',
      'carrier-answer-read=scrape-number',
      'carrier-calls=socket-mixup',
      'carrier-token-verified=trust-any-token',
      'nonce-issued=format-only',
      'nonce-single-use=reusable',
      'reissue-unbinds=ignored',
      'reissue-unbinds=keeps-sessions',
      'store-outage=goes-on-without',
    ],
    alone: true,
  },

  async observe(lab) {
    const spells: Spell[] = []
    await lab.background?.pause()
    for (const load of FAIL_CLOSED_LOADS) {
      if (load === 'loaded') await lab.background?.resume()
      for (const trouble of FAIL_CLOSED_TROUBLES) spells.push(await spell(lab, trouble, load))
    }
    return { spells, load: lab.background?.facts ?? null }
  },

  judge({ spells, load }): Judgement {
    const cells = spells.flatMap(cellsOf)
    const verdict = verdictOn(cells, spells)
    const map: FailClosedMap = { outcome: verdict.outcome, cells, load }
    return { ...verdict, figures: { kind: 'fail-closed-map', map } }
  },
})

function verdictOn(cells: readonly FailClosedCell[], spells: readonly Spell[]): Judgement {
  const open = cells.filter(({ state }) => state === 'accepted')
  const [first] = open
  if (first !== undefined)
    return fail(
      `${open.length} of ${count(cells.length, 'cell')} opened: ${open.slice(0, 4).map(nameOf).join('; ')}${open.length > 4 ? '; and more' : ''}.`,
      first.enemy === 'reissued' ? 'session-alive' : 'credential',
      'What must be refused opened an account while something the target depends on was in trouble.',
      {
        exchanges: open.flatMap(({ exchanges }) => exchanges),
        expected: 'refused or an error',
        observed: open.map(cell => `${nameOf(cell)}: ${cell.text}`).join('; '),
      },
    )
  const unclear = cells.filter(({ state }) => state === 'inconclusive')
  const [vague] = unclear
  if (vague !== undefined)
    return inconclusive(`No cell opened, but ${count(unclear.length, 'cell')} showed nothing (${nameOf(vague)}: ${vague.text}).`)
  const shown = cells.filter(({ state }) => state === 'refused' || state === 'errored')
  if (shown.length === 0) return inconclusive('No cell could be tried.')
  const stuck = spells.find(({ recovered }) => !recovered)
  if (stuck !== undefined)
    return inconclusive(
      `No cell opened, but after ${stuck.trouble} honest logins did not work again within ${RECOVERED_WITHIN_MS / 1000} seconds.`,
    )
  const refused = shown.filter(({ state }) => state === 'refused').length
  return pass(
    `Of ${count(shown.length, 'cell')} none opened: ${refused} refused, ${shown.length - refused} with errors; ${cells.length - shown.length} did not apply. Honest logins worked again each time.`,
  )
}

function nameOf({ trouble, load, enemy }: FailClosedCell): string {
  return `${enemy} during ${trouble}, ${load}`
}

async function spell(lab: Lab, trouble: FailClosedTrouble, load: FailClosedLoad): Promise<Spell> {
  const missing = missingFor(lab, trouble, load)
  if (missing !== null) return { trouble, load, missing, noReissued: null, met: false, tries: [], recovered: true }
  const siege = await readySiege(lab)
  await begin(lab, trouble)
  const fired = await siege.fire().finally(() => end(lab))
  const recovered = await lab.eventually(
    async () => (await signIn(lab, await lab.handset())).account !== null,
    RECOVERED_WITHIN_MS,
  )
  const tries = await fired.look()
  const rows = await lab.carrierCalls(siege.witnessTokens)
  const met =
    rows.some(({ fault }) => fault !== undefined) ||
    fired.witnesses.some(
      ({ reading, durationMs }) => reading.kind !== 'granted' || durationMs >= (isStore(trouble) ? SLOW_STORE_MS : SLOW_MS),
    )
  return { trouble, load, missing, noReissued: siege.noReissued ?? null, met, tries, recovered }
}

function missingFor(lab: Lab, trouble: FailClosedTrouble, load: FailClosedLoad): string | null {
  if (load === 'loaded' && lab.background === undefined) return 'no honest load ran beside the attack (--under-load)'
  if (isStore(trouble) && lab.nonceStore === undefined)
    return "the harness does not stand before the target's nonce store (target.start.nonceStore)"
  return null
}

function isStore(trouble: FailClosedTrouble): trouble is 'nonce-store-slow' | 'nonce-store-down' {
  return trouble === 'nonce-store-slow' || trouble === 'nonce-store-down'
}

async function begin(lab: Lab, trouble: FailClosedTrouble): Promise<void> {
  if (!isStore(trouble)) return lab.carriersBehave({ faults: faultsOf(trouble, carriersOf(lab)) })
  await lab.nonceStore?.(trouble === 'nonce-store-down' ? 'down' : { delayMs: SLOW_STORE_MS })
}

async function end(lab: Lab): Promise<void> {
  await lab.carriersBehave(undefined)
  await lab.nonceStore?.('up')
}

function carriersOf(lab: Lab): CarrierId[] {
  return CARRIER_IDS.filter(carrier => lab.providers.includes(carrier))
}

function faultsOf(trouble: Exclude<FailClosedTrouble, `nonce-${string}`>, carriers: readonly CarrierId[]): FaultRule[] {
  const all = (act: FaultAct): FaultRule[] => [{ ...act, share: 1, providers: carriers }]
  switch (trouble) {
    case 'carrier-slow':
      return all({ id: 'late-answer', lateMs: SLOW_MS })
    case 'carrier-5xx':
      return all({ id: 'error-rate', answer: 'http', status: 503 })
    case 'carrier-garbage':
      return all({ id: 'malformed' })
    case 'carrier-ambiguous':
      // A refusal under the code of success, and each carrier has its own (docs/sources.md).
      return carriers.map(carrier => ({
        id: 'mislabelled',
        name: `success-of-${carrier}`,
        share: 1,
        providers: [carrier],
        code: carrier === 'china-mobile' ? '103000' : '0',
      }))
    case 'carrier-cross-talk':
      return all({ id: 'duplicate-answer' })
  }
}
