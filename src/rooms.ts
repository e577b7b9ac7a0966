/** The only file that imports the rooms below the belt. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export { attacks } from '../attacks/index.ts'
export { findingScripts } from '../reports/curl/finding-script.ts'
export { renderHistory } from '../reports/html/history-page.ts'
export { reports } from '../reports/index.ts'
export { renderTerminal } from '../reports/terminal.ts'
export { scenarios } from '../scenarios/index.ts'
export { engines } from './engines/index.ts'

/** Ours run as TypeScript in the repository and as JavaScript from the package. */
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** Child entry of the mock carriers. */
export const mocksEntry: string = fileURLToPath(new URL(`../mocks/main${EXTENSION}`, import.meta.url))

/** Child entry of the reference backend: reached by command and environment only, imported by nobody. */
export const backendEntry: string = fileURLToPath(new URL(`../reference-backend/main${EXTENSION}`, import.meta.url))

/** File of a scenario, for bundling; undefined when there is none of that id. */
export function scenarioFile(id: string): string | undefined {
  const file = fileURLToPath(new URL(`../scenarios/${id}${EXTENSION}`, import.meta.url))
  return existsSync(file) ? file : undefined
}

/** What the mocks are made of, for `list`. Loaded when asked for: no other command needs it in this process. */
export async function mockParts(): Promise<Record<'providers' | 'faults', { id: string; about: string }[]>> {
  const [{ parts }, { faults }] = await Promise.all([import('../mocks/parts.ts'), import('../mocks/faults/index.ts')])
  const named = ({ id, about }: { id: string; about: string }): { id: string; about: string } => ({ id, about })
  return { providers: parts.map(named), faults: Object.values(faults).map(named) }
}
