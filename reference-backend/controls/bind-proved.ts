import { defineControl } from './define.ts'

/** Runs the proof that an identifier is the account's own. `claimed`: what the client says it is. */
export type ProveBinding = (claimed: string, prove: () => Promise<string>) => Promise<string>

export default defineControl<() => ProveBinding>({
  id: 'bind-proved',
  why: 'who can bind an identifier without proof can bind anybody’s',
  sound: () => (_claimed, prove) => prove(),
  flaws: {
    // Whoever is logged in is trusted with the form.
    'bind-no-proof': () => async claimed => claimed,
  },
})
