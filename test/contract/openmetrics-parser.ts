import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The OpenMetrics parser of Prometheus's own Python client, by its exact version. */
const PACKAGE = 'prometheus_client==0.26.0'
const folder = fileURLToPath(new URL(`../../node_modules/.cache/python/${PACKAGE}`, import.meta.url))

const READ = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(sys.stdin.read()))
print(json.dumps([{'name': f.name, 'type': f.type, 'unit': f.unit, 'samples': len(f.samples)} for f in families]))
`

export interface ReadFamily {
  name: string
  type: string
  unit: string
  samples: number
}

/** Why the parser cannot be had, or undefined when it can; installs it once. In CI its absence is an error. */
export function parserTrouble(): string | undefined {
  if (existsSync(`${folder}/prometheus_client`)) return undefined
  const end = spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, PACKAGE], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  if (end.status === 0) return undefined
  const why = `no OpenMetrics parser: ${end.error?.message ?? end.stderr.trim().split('\n').at(-1)}`
  if (process.env.CI === 'true') throw new Error(why)
  process.stderr.write(`\n*** SKIPPED: ${why}\n\n`)
  return why
}

/** What the parser reads; throws with its words when it refuses the text. */
export function parseOpenMetrics(text: string): ReadFamily[] {
  const env = { ...process.env, PYTHONPATH: folder }
  const end = spawnSync('python3', ['-c', READ], { input: text, encoding: 'utf8', env, timeout: 60_000 })
  if (end.status !== 0) throw new Error(end.stderr.trim().split('\n').at(-1))
  return JSON.parse(end.stdout) as ReadFamily[]
}
