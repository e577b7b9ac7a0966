import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { ReissueLevel } from '../../src/contract/figures.ts'
import type { Lab } from '../../src/contract/lab.ts'
import { isRefusal } from '../kit/attempt.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { quantileOf } from '../kit/quantiles.ts'
import { signIn } from '../kit/sign-in.ts'

/** A former holder's session, watched from just before the carrier's event. */
type Watched = {
  /** Whether the target took the notice; null when none was sent. */
  told: boolean | null
  /** When it last worked, milliseconds; 0 when never again. */
  lastAcceptedMs: number
  alive: boolean
  exchange: number
}
/** A number that kept its holder, and whether the holder's session still worked after the notice. */
type Kept = { kind: 'sim-replaced' | 'ported'; told: boolean; kept: boolean; exchange: number }
type Observation = {
  withinMs: number
  watchedMs: number
  lostWatchedMs: number
  delivered: Watched[]
  lost: Watched[]
  unharmed: Kept[]
}

const DELIVERED = 12
const LOST = 6
const UNHARMED = 3
/** Watched so much longer than the target has: a session that dies late is told from one that lives on. */
const BEYOND_MS = 600
/** Services that are asked about numbers count in seconds. */
const APART_MS = 2100
const RARELY_MS = 50
/** An honest 503 or a limit may answer in place of a session's state: it is asked again for so long. */
const KEPT_WITHIN_MS = 1000

export default defineAttack<Observation>({
  meta: {
    id: 'nr-reissue-level',
    family: 'number-reuse',
    title: 'How long a former holder stays',
    about:
      'Reissues a dozen numbers and measures, for each, the time from the carrier’s event to the last moment the former holder’s session worked: with the notice delivered, and with the notice lost. Numbers that only got a new SIM card or another carrier must keep their sessions.',
    severity: 'high',
    cwe: [613, 672],
    asvs: ['7.4.1', '7.4.3', '8.3.2'],
    api2023: ['API2'],
    has: 'a session obtained with a number that has since been given to somebody else',
    needs: ['oneTap', 'me', 'rebind'],
    notices: ['reissue-unbinds=ignored', 'reissue-unbinds=keeps-sessions', 'reissue-told-apart=any-imsi-change'],
  },

  async observe(lab) {
    const withinMs = lab.limits.revocationWithinMs
    const watchedMs = withinMs + BEYOND_MS
    const many = (n: number, work: () => Promise<Watched | undefined>): Promise<(Watched | undefined)[]> =>
      Promise.all(Array.from({ length: n }, work))
    const delivered = await many(DELIVERED, () => watch(lab, true, watchedMs))
    const lost = await many(LOST, () => watch(lab, false, watchedMs))
    const unharmed: Kept[] = []
    for (const kind of ['sim-replaced', 'ported'] as const)
      for (let i = 0; i < UNHARMED; i++) {
        const seen = await keep(lab, kind)
        if (seen !== undefined) unharmed.push(seen)
      }
    const known = (all: readonly (Watched | undefined)[]): Watched[] => all.filter(one => one !== undefined)
    const lostWatchedMs = asks(lab) ? APART_MS + BEYOND_MS : watchedMs
    return { withinMs, watchedMs, lostWatchedMs, delivered: known(delivered), lost: known(lost), unharmed }
  },

  judge(observation): Judgement {
    return { ...verdictOn(observation), figures: { kind: 'reissue-level', level: levelOf(observation) } }
  },
})

function verdictOn({ withinMs, delivered, unharmed }: Observation): Judgement {
  // Limits and honest 503s hide whether a session is over: what was not seen to end in time, nor to work later, tells nothing.
  const told = delivered.filter(one => one.told === true && (!one.alive || one.lastAcceptedMs > withinMs))
  const late = told.filter(one => one.lastAcceptedMs > withinMs)
  const [worst] = late
  if (worst !== undefined)
    return fail(
      `Of ${told.length} former holders ${late.length} still came in ${withinMs} ms after the carrier's event.`,
      'session-alive',
      'The session of a number’s former holder still opened its account.',
      {
        exchanges: late.map(({ exchange }) => exchange),
        expected: `none after ${withinMs} ms`,
        observed: worst.alive ? 'still alive when watching ended' : `${worst.lastAcceptedMs} ms`,
      },
    )
  const harmed = unharmed.filter(one => one.told && !one.kept)
  const [first] = harmed
  if (first !== undefined)
    return fail(
      `A number that was only ${first.kind === 'ported' ? 'ported' : 'given a new SIM card'} lost its session (${harmed.length} of ${unharmed.length}).`,
      'lock-out',
      'The holder never changed, and the session was cut.',
      { exchanges: harmed.map(({ exchange }) => exchange), expected: 'the session goes on', observed: 'refused' },
    )
  if (told.length * 2 < DELIVERED) return inconclusive(`The target took only ${told.length} of ${DELIVERED} notices.`)
  if (!unharmed.some(one => one.told && one.kept))
    return inconclusive('No session of a number that kept its holder could be watched.')
  const times = told.map(({ lastAcceptedMs }) => lastAcceptedMs)
  return pass(
    `After a delivered notice ${told.length} former holders were out within ${quantileOf(times, 1)} ms of the carrier's event (median ${quantileOf(times, 0.5)} ms, allowed ${withinMs} ms); ${unharmed.length} numbers that kept their holder kept their sessions.`,
  )
}

function levelOf({ withinMs, watchedMs, lostWatchedMs, delivered, lost, unharmed }: Observation): ReissueLevel {
  const series = (
    [
      ['delivered', delivered.filter(one => one.told === true)],
      ['lost', lost],
    ] as const
  ).map(([notices, seen]) => {
    const times = seen.map(({ lastAcceptedMs }) => lastAcceptedMs).sort((a, b) => a - b)
    const stillAlive = seen.filter(({ alive }) => alive).length
    return {
      notices,
      lastAcceptedMs: times,
      stillAlive,
      watchedMs: notices === 'lost' ? lostWatchedMs : watchedMs,
      p50Ms: quantileOf(times, 0.5),
      p99Ms: quantileOf(times, 0.99),
    }
  })
  const kinds = (['sim-replaced', 'ported'] as const).map(kind => {
    const seen = unharmed.filter(one => one.kind === kind && one.told)
    return { kind, numbers: seen.length, kept: seen.filter(({ kept }) => kept).length }
  })
  return { withinMs, series, unharmed: kinds }
}

/** Undefined when the holder could not log in to begin with. */
async function watch(lab: Lab, isTold: boolean, watchedMs: number): Promise<Watched | undefined> {
  const phone = await lab.handset()
  const { credential, exchange } = await signIn(lab, phone)
  if (credential === null) return undefined
  const fromMs = lab.elapsedMs()
  const sinceMs = (): number => Math.round(lab.elapsedMs() - fromMs)
  let seen: Watched = { told: null, lastAcceptedMs: 0, alive: true, exchange }
  const look = async (): Promise<void> => {
    const { id, status, reading } = await lab.me({ credential })
    if (reading.kind === 'granted') seen = { ...seen, lastAcceptedMs: sinceMs(), alive: true, exchange: id }
    // Silence and limits are no end of a session.
    else if (isRefusal({ reading: reading.kind, status })) seen = { ...seen, alive: false, exchange: id }
  }
  // Without a notice nothing is over in milliseconds.
  const rest = async (): Promise<void> => {
    if (!isTold) await lab.eventually(async () => false, RARELY_MS)
  }
  const looks = async (): Promise<void> => {
    await look()
    await rest()
  }
  const end = await during(looks, async () => {
    const moved = await lab.life('reissued', phone)
    if (isTold) return { told: (await lab.rebind(moved.notice)).reading.kind === 'granted', untilMs: watchedMs }
    // Nobody told the target. One that asks about a number at its next login learns of it then; it asks in seconds.
    if (!asks(lab)) return { told: null, untilMs: watchedMs }
    await lab.eventually(async () => false, APART_MS)
    await lab.login(moved.handset)
    return { told: null, untilMs: sinceMs() + BEYOND_MS }
  })
  seen = { ...seen, told: end.told }
  if (seen.alive)
    await lab.eventually(async () => {
      await look()
      return !seen.alive
    }, end.untilMs - sinceMs())
  return seen
}

/** Looks again and again while the work goes on, so that the last moment of a session is seen and not only its end. */
async function during<Result>(look: () => Promise<void>, work: () => Promise<Result>): Promise<Result> {
  let isOver = false
  const looking = (async () => {
    while (!isOver) await look()
  })()
  try {
    return await work()
  } finally {
    isOver = true
    await looking
  }
}

function asks({ traits, providers }: Lab): boolean {
  return traits.asksSubscriber !== undefined && providers.includes(traits.asksSubscriber)
}

/** Undefined when the holder could not log in, or when only limits and failures answered afterwards. */
async function keep(lab: Lab, kind: Kept['kind']): Promise<Kept | undefined> {
  const phone = await lab.handset()
  const { credential } = await signIn(lab, phone)
  if (credential === null) return undefined
  const { notice } = await lab.life(kind, phone)
  const told = (await lab.rebind(notice)).reading.kind === 'granted'
  let seen: Kept | undefined
  await lab.eventually(async () => {
    const { id, status, reading } = await lab.me({ credential })
    const kept = reading.kind === 'granted'
    if (kept || isRefusal({ reading: reading.kind, status })) seen = { kind, told, kept, exchange: id }
    return seen !== undefined
  }, KEPT_WITHIN_MS)
  return seen
}
