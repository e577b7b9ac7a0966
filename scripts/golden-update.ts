/** Writes the sample reports anew. Run it after a wanted change and read the difference before committing it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { sampleFiles } from '../test/golden/sample-files.ts'

const folder = fileURLToPath(new URL('../reports/samples', import.meta.url))
for (const file of sampleFiles()) {
  const at = path.join(folder, file.path)
  mkdirSync(path.dirname(at), { recursive: true })
  writeFileSync(at, file.text)
}
