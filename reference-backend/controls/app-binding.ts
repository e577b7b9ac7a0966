import { Refusal } from '../refusal.ts'
import { defineControl } from './define.ts'

/** Which app a login is for, and whom the carrier is asked as. */
export interface AppBinding {
  /** The app id the carrier is asked with. Throws for an app that is not ours. `ours` is undefined where a route has no app ids. */
  askAs(ours: string | undefined, presented: string): string
  /** Whether a carrier may send us elsewhere. */
  readonly followRedirects: boolean
}

export default defineControl<() => AppBinding>({
  id: 'app-binding',
  why: 'a token was given to one app; another app’s server must not cash it, nor be talked into asking as somebody else',
  sound: () => ({
    askAs(ours, presented) {
      if (ours !== undefined && presented !== ours) throw new Refusal(403, 'APP_UNKNOWN', 'This app is not ours.')
      return ours ?? ''
    },
    followRedirects: false,
  }),
  flaws: {
    // The app id is a field for statistics; whether it is ours is left to the carrier.
    'no-app-binding': () => ({ askAs: ours => ours ?? '', followRedirects: false }),
    // One backend for many apps: the client says which, and redirects are followed as any HTTP library does.
    'client-picks-endpoint': () => ({ askAs: (_ours, presented) => presented, followRedirects: true }),
  },
})
