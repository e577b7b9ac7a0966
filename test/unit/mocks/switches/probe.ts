import type { CarrierId } from '../../../../src/contract/carriers.ts'
import type { FaultRule } from '../../../../src/contract/fault.ts'
import type { HandsetSim, IssuedToken } from '../../../../src/contract/journal.ts'
import type { NumberEventKind } from '../../../../src/contract/number-life.ts'
import type { StartedMocks } from '../started-mocks.ts'

/** Whose answer differs with a switch, and nothing else: no times, tokens or numbers in it. */
export type Probe = (desk: ProbeDesk) => Promise<unknown>

/** Probes by the names of a part's assumptions. */
export type Probes = Readonly<Record<string, Probe>>

/** What probes ask of the mocks. */
export interface ProbeDesk {
  mocks: StartedMocks
  env: Record<string, string>
  /** A token of a fresh phone. */
  fresh(carrier: CarrierId, extra?: object): Promise<IssuedToken & { sim: HandsetSim }>
  /** Runs something while these faults strike. */
  during<T>(faults: FaultRule[], run: () => Promise<T>): Promise<T>
  life(sim: HandsetSim, kind: NumberEventKind, extra?: object): Promise<void>
  ahead(ms: number): Promise<void>
}

export function probeDesk(mocks: StartedMocks): ProbeDesk {
  return {
    mocks,
    env: mocks.ready.environment,
    fresh: async (carrier, extra = {}) => {
      const sim = await mocks.fresh(carrier)
      return { ...(await mocks.token(sim, extra)), sim }
    },
    during: async (faults, run) => {
      await mocks.behave({ faults })
      try {
        return await run()
      } finally {
        await mocks.behave({ faults: [] })
      }
    },
    life: async (sim, kind, extra = {}) => {
      const { status } = await mocks.control('POST', '/life', { msisdn: sim.msisdn, kind, ...extra })
      if (status !== 200) throw new Error(`${kind} did not happen`)
    },
    ahead: async ms => {
      await mocks.control('POST', '/clock', { advanceMs: ms })
    },
  }
}

export const SYSTEM_ERROR: FaultRule = { id: 'error-rate', share: 1, answer: 'business' }
export const THROTTLED: FaultRule = { id: 'throttle', share: 1, ratePerSecond: 0 }

/** `yes` or how it failed, for ciphers that another switch makes unreadable. */
export function opens(open: () => unknown): string {
  try {
    open()
    return 'opens'
  } catch {
    return 'does not open'
  }
}
