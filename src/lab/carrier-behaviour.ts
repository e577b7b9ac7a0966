import type { MockBehaviour } from '../contract/journal.ts'
import type { ControlPlane } from './control-plane.ts'

/** Changes the mock carriers' behaviour for one attack and sets it back. */
export interface CarrierBehaviour {
  /** Undefined sets back what was before the first change. */
  set(change: Partial<MockBehaviour> | undefined): Promise<void>
  restore(): Promise<void>
}

const PATH = '/__onetap/behaviour'

export function carrierBehaviour(control: ControlPlane): CarrierBehaviour {
  let usual: MockBehaviour | undefined
  const restore = async (): Promise<void> => {
    if (usual === undefined) return
    await control.call('PUT', PATH, usual)
    usual = undefined
  }
  return {
    async set(change) {
      if (change === undefined) return restore()
      usual ??= await control.call<MockBehaviour>('GET', PATH)
      await control.call('PUT', PATH, change)
    },
    restore,
  }
}
