import { SettingsError } from '../settings-error.ts'
import type { Control } from './define.ts'
import { type ControlId, controls } from './index.ts'

/** Which flaw each control is to have; a control not named is sound. */
export type Flaws = ReadonlyMap<ControlId, string>

/** The controls as the flows get them: one function each, sound or flawed. */
export type ArmedControls = { readonly [Id in ControlId]: (typeof controls)[Id]['sound'] }

/** Reads `control=flaw,control=flaw`. Throws SettingsError naming what there is when a name is unknown. */
export function readFlaws(text: string): Flaws {
  const flaws = new Map<ControlId, string>()
  for (const pair of text.split(',').map(part => part.trim())) {
    if (pair === '') continue
    const [id = '', flaw = ''] = pair.split('=')
    if (!isControlId(id))
      throw new SettingsError(`FLAWS: there is no control "${id}"; known: ${Object.keys(controls).join(', ')}.`)
    const known = Object.keys(controls[id].flaws)
    if (!known.includes(flaw)) throw new SettingsError(`FLAWS: control ${id} has no flaw "${flaw}"; known: ${known.join(', ')}.`)
    if (flaws.has(id)) throw new SettingsError(`FLAWS: control ${id} is named twice; a control has one flaw at a time.`)
    flaws.set(id, flaw)
  }
  return flaws
}

/** `control=flaw`, sorted: what the identity reports. */
export function flawList(flaws: Flaws): string[] {
  return [...flaws].map(([id, flaw]) => `${id}=${flaw}`).sort()
}

export function armControls(flaws: Flaws): ArmedControls {
  const entries = Object.entries(controls).map(([id, control]) => [id, pick(control, flaws.get(id as ControlId))])
  return Object.fromEntries(entries) as ArmedControls
}

function pick(control: Control<unknown>, flaw: string | undefined): unknown {
  return flaw === undefined ? control.sound : control.flaws[flaw]
}

function isControlId(id: string): id is ControlId {
  return Object.hasOwn(controls, id)
}
