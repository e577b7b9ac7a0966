import { defineControl } from './define.ts'

/** What a carrier's notice can be about. In all three the network sees a new SIM card. */
export type RebindKind = 'ported' | 'reissued' | 'sim-replaced'

/** Whether the number now belongs to somebody else. */
export type NewOwner = (kind: RebindKind) => boolean

export default defineControl<() => NewOwner>({
  id: 'reissue-told-apart',
  why: 'who only replaced a SIM card or changed carrier is the same person and must not be locked out',
  sound: () => kind => kind === 'reissued',
  flaws: {
    // "The IMSI changed, to be safe we cut": more security than there should be.
    'any-imsi-change': () => () => true,
  },
})
