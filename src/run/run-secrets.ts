import type { Plan } from '../contract/plan.ts'
import type { RunningMocks } from '../world/mocks.ts'
import type { Redactor } from './redact.ts'
import { isSecretName } from './secret-fields.ts'
import { SHORTEST_SECRET } from './secret-index.ts'

/** Stands in a written file where a secret was. */
export const WITHHELD = '[withheld]'

const SECRET_IN_NAME = /secret|key|token|passw|credential|private/i
const PLACEHOLDERS_ONLY = /^(?:\{[a-zA-Z][\w.-]*\})+$/
const WORDS = /^[A-Za-z]+(?:[-_ .][A-Za-z]+)*$/
const PLACE = /^(?:https?:\/\/|\.{0,2}\/)[^?#]*$/

/**
 * Is a value of the config's `vars` or of an environment a secret? All are but words, paths and addresses: hiding too much costs
 * a reader some text, hiding `china-mobile` would spoil every record that names the carrier.
 */
export function isSecretValue(name: string, value: string): boolean {
  if (value === '' || PLACEHOLDERS_ONLY.test(value)) return false
  if (SECRET_IN_NAME.test(name) || isSecretName(name)) return true
  return value.length >= SHORTEST_SECRET && !WORDS.test(value) && !PLACE.test(value)
}

/** The plan as it may be written down and shown: what the config holds in secrets stays out. Judging needs none of them. */
export function withoutSecrets(plan: Plan): Plan {
  const { target } = plan
  const start = target.start === null ? null : { ...target.start, env: withheld(target.start.env) }
  return { ...plan, target: { ...target, vars: withheld(target.vars), start } }
}

/** Tells the redactor what is known to be secret before anything is sent. `vars`: filled in. */
export function hideSecrets(redactor: Redactor, mocks: RunningMocks, vars: Readonly<Record<string, string>>, plan: Plan): void {
  redactor.hide(mocks.ready.controlToken)
  for (const appId of mocks.ready.providers.flatMap(({ appIds }) => appIds)) redactor.keep(appId)
  // Of the mocks' own environment the names tell; addresses and app ids are no secrets.
  for (const [name, value] of Object.entries(mocks.ready.environment)) if (SECRET_IN_NAME.test(name)) redactor.hide(value)
  for (const [name, value] of Object.entries({ ...plan.target.start?.env, ...vars }))
    if (isSecretValue(name, value)) redactor.hide(value)
}

function withheld(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isSecretValue(name, value) ? WITHHELD : value]))
}
