import { basename, extname, resolve } from 'node:path'
import { loadConfig } from '../../config/load-config.ts'
import { nearest } from '../../config/nearest.ts'
import { resolvePlan } from '../../config/resolve-plan.ts'
import { HarnessError } from '../../contract/errors.ts'
import type { Plan } from '../../contract/plan.ts'
import type { AttackResult, Result } from '../../contract/result.ts'
import { now } from '../../world/clock.ts'
import { newRunId } from '../../world/run-id.ts'
import { changedSince } from '../changed-since.ts'
import { isPath } from '../choose-parts.ts'
import { out } from '../output.ts'
import { carryOut } from '../perform-run.ts'
import { readResult } from '../read-document.ts'
import type { RunFlags } from '../run-flags.ts'
import { beforeAndAfter } from './replay-words.ts'
import { optionsOf } from './run-command.ts'

const LATEST = '.onetap/latest'

/**
 * `onetap replay [RUN] FINDING`: the attack of a finding again, with the seed of that run and the configuration of today; prints
 * before and after. The exit code is that of the attack alone: suppressions and a bar are left out, for the question is whether it
 * still gets in. `latest` goes on naming the run the finding came from.
 */
export async function replayFromFlags(words: readonly string[], flags: RunFlags): Promise<number> {
  const [run, wanted] = words.length === 1 ? [LATEST, words[0] ?? ''] : [words[0] ?? '', words[1] ?? '']
  if (words.length > 2)
    throw new HarnessError('USAGE', 'replay takes a run folder and one finding', { hint: `onetap replay ${LATEST} f-…` })
  const before = readResult(resolve(run, 'result.json')).result
  const attack = findingNamed(wanted, before, run)
  const options = { ...optionsOf('attack', flags), latest: false }
  const { config, folder } = await loadConfig(options.config, options.cwd)
  if (config.name !== before.plan.name) {
    throw new HarnessError('CONFIG', `the configuration is of "${config.name}", the finding of "${before.plan.name}"`, {
      hint: 'name the one that run was made with: --config FILE',
    })
  }
  const resolved = resolvePlan(
    config,
    {
      ...recordedPlace(before.plan),
      seed: before.plan.seed,
      ...options,
      attacks: [wordFor(attack.id, config.attack?.include ?? [])],
    },
    newRunId(now()),
  )
  const plan = asItWas(resolved)
  for (const what of changedSince(before.plan, plan)) out.line(`changed since that run: ${what}`)
  const { exitCode, result } = await carryOut(plan, folder, options)
  const lines = beforeAndAfter(before, attack, result)
  if (options.json) out.line(lines)
  else out.result(lines)
  return exitCode
}

/** Where a target that ran already was reached, as `--target` would say it; it must still be in the configuration's allow-list. */
function recordedPlace({ target }: Plan): { targetUrl?: string } {
  return target.start === null && target.url !== null ? { targetUrl: target.url } : {}
}

/** Without what would hide or excuse the attack. */
function asItWas({ attack, ...plan }: Plan): Plan {
  if (attack === null) return { ...plan, attack }
  const { severities: _, failOn: __, suppress: ___, ...rest } = attack
  return { ...plan, attack: { ...rest, exclude: [] } }
}

/** A user's own attack is known by its path in the configuration; a file's name is its attack's id. */
function wordFor(id: string, include: readonly string[]): string {
  return include.find(word => isPath(word) && basename(word, extname(word)) === id) ?? id
}

function findingNamed(wanted: string, { attacks }: Result, run: string): AttackResult {
  const found = attacks.find(({ id, finding }) => finding?.id === wanted || id === wanted)
  if (found !== undefined) return found
  const findings = attacks.flatMap(({ finding }) => (finding === undefined ? [] : [finding.id]))
  const suggestion = nearest(wanted, [...findings, ...attacks.map(({ id }) => id)])
  const there = findings.length === 0 ? 'that run has no findings' : `findings of that run: ${findings.join(', ')}`
  throw new HarnessError('USAGE', `there is no finding or attack "${wanted}" in ${run}`, {
    hint: suggestion === undefined ? there : `did you mean "${suggestion}"?`,
  })
}
