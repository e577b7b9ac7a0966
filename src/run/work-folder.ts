import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onDisk } from './run-folder.ts'
import { isSecretValue, WITHHELD } from './run-secrets.ts'
import { SHORTEST_SECRET } from './secret-index.ts'

/** Engines' files are text of at most some hundred KB; what is larger is none of ours. */
const LARGEST_FILE = 16 * 1024 * 1024

/**
 * Makes the folder of the engine's own files. Each drive of an engine wants its own: what an earlier one left there would be read as
 * this one's. Nobody else may look in: while the load runs, its bundle holds the target's secrets.
 */
export function openWorkFolder(runFolder: string, name = 'work'): string {
  const path = join(runFolder, name)
  onDisk(runFolder, () => mkdirSync(path, { recursive: true, mode: 0o700 }))
  return path
}

/** Takes the run's secrets out of what an engine left behind: run folders are kept by CI and sent to others. */
export function withholdSecrets(workFolder: string, vars: Readonly<Record<string, string>>): void {
  const secrets = Object.entries(vars)
    .filter(([name, value]) => isSecretValue(name, value))
    // In a bundle it stands as a JSON text; a short one is looked for with its quotes only, or the whole file would go.
    .flatMap(([, value]) => (value.length < SHORTEST_SECRET ? [] : [value]).concat(JSON.stringify(value)))
  for (const name of readdirSync(workFolder)) {
    const file = join(workFolder, name)
    const stat = lstatSync(file)
    if (!stat.isFile() || stat.size > LARGEST_FILE) continue
    const text = readFileSync(file, 'utf8')
    const clean = secrets.reduce(
      (rest, secret) => rest.replaceAll(secret, secret.startsWith('"') ? `"${WITHHELD}"` : WITHHELD),
      text,
    )
    if (clean !== text) onDisk(workFolder, () => writeFileSync(file, clean))
  }
}
