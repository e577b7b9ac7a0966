import { basename, extname, isAbsolute, resolve } from 'node:path'
import { importModule } from '../config/import-module.ts'
import { nearest } from '../config/nearest.ts'
import { ATTACK_FAMILIES, type Attack } from '../contract/attack.ts'
import { HarnessError } from '../contract/errors.ts'
import type { Scenario } from '../contract/flow.ts'
import type { AttackPlan } from '../contract/plan.ts'
import { selectAttacks } from '../contract/selection.ts'
import { OPERATION_IDS, type TargetProfile } from '../contract/target.ts'
import { attacks, scenarioFile, scenarios } from '../rooms.ts'

/** A word that names a file of the user's own rather than a part of ours. */
export const isPath = (word: string): boolean => /[/\\]|\.(ts|mts|js|mjs)$/.test(word)

/**
 * The attacks a plan asks for, ours in the order of the list and then the user's own. Throws HarnessError CONFIG on a word that
 * names none, and when none is left.
 */
export async function chooseAttacks(plan: AttackPlan, folder: string): Promise<Attack[]> {
  const own = await loadAttacks(plan.include.filter(isPath), folder)
  const all = [...attacks, ...own]
  const words = plan.include.filter(word => !isPath(word))
  for (const word of [...words, ...plan.exclude]) refuseUnknown(word, all)
  const include = [...words, ...own.map(({ meta }) => meta.id)]
  const chosen = selectAttacks(all, { ...plan, include })
  if (chosen.length === 0) {
    const why = plan.severities === undefined ? '' : `, or are of other severities than ${plan.severities.join(', ')}`
    throw new HarnessError('CONFIG', `no attack is left: all that are included are excluded as well${why}`, {
      hint: 'set `attack: null` for a run without attacks',
    })
  }
  return [...chosen]
}

/** Attack files of the user's own. Throws HarnessError CONFIG on what is none, or bears the id of another. */
export async function loadAttacks(files: readonly string[], folder: string): Promise<Attack[]> {
  const own: Attack[] = []
  for (const file of files) {
    const attack = await loadAttack(resolve(folder, file))
    if ([...attacks, ...own].some(({ meta }) => meta.id === attack.meta.id)) {
      throw new HarnessError('CONFIG', `${file}: there is another attack "${attack.meta.id}"`, {
        hint: 'rename the file and its meta.id',
      })
    }
    own.push(attack)
  }
  return own
}

function refuseUnknown(word: string, all: readonly Attack[]): void {
  const known = ['all', ...ATTACK_FAMILIES, ...all.map(attack => attack.meta.id)]
  if (known.includes(word)) return
  const suggestion = nearest(word, known)
  throw new HarnessError('CONFIG', `there is no attack or family "${word}"`, {
    hint: suggestion === undefined ? '`onetap list attacks` shows all' : `did you mean "${suggestion}"?`,
  })
}

async function loadAttack(file: string): Promise<Attack> {
  const attack = (await importModule(file)).default as Partial<Attack> | null | undefined
  const id = basename(file, extname(file))
  const { meta } = attack ?? {}
  const whole = meta?.id === id && ATTACK_FAMILIES.includes(meta.family) && Array.isArray(meta.needs)
  if (!whole || typeof attack?.observe !== 'function' || typeof attack.judge !== 'function') {
    throw new HarnessError('CONFIG', `${file} is no attack`, {
      hint: `its default export must come from defineAttack and its meta.id be "${id}"`,
    })
  }
  return attack as Attack
}

/** A scenario by id or path, with the file that is bundled for k6. */
export async function chooseScenario(word: string, folder: string): Promise<{ scenario: Scenario; file: string }> {
  if (isPath(word)) {
    const file = resolve(folder, word)
    const scenario = (await importModule(file)).default as Scenario | null | undefined
    if (typeof scenario?.flow !== 'function' || !Array.isArray(scenario.needs)) {
      throw new HarnessError('CONFIG', `${file} is no scenario`, { hint: 'its default export must come from defineScenario' })
    }
    return { scenario, file }
  }
  const scenario = scenarios.find(candidate => candidate.id === word)
  const file = scenarioFile(word)
  if (scenario === undefined || file === undefined) {
    const suggestion = nearest(
      word,
      scenarios.map(candidate => candidate.id),
    )
    throw new HarnessError('CONFIG', `there is no scenario "${word}"`, {
      hint: suggestion === undefined ? '`onetap list scenarios` shows all' : `did you mean "${suggestion}"?`,
    })
  }
  return { scenario, file }
}

/** Loads and checks a target module. Throws HarnessError CONFIG. */
export async function loadTarget(module: string, folder: string): Promise<{ target: TargetProfile; file: string }> {
  const file = isAbsolute(module) ? module : resolve(folder, module)
  const target = (await importModule(file)).default as Partial<TargetProfile> | null | undefined
  if (typeof target?.name !== 'string' || typeof target.operations !== 'object' || target.operations === null) {
    throw new HarnessError('CONFIG', `${file} is no target module`, {
      hint: 'its default export needs `name` and `operations`; `onetap init` writes a commented one',
    })
  }
  for (const [id, operation] of Object.entries(target.operations)) checkOperation(file, id, operation)
  return { target: target as TargetProfile, file }
}

function checkOperation(file: string, id: string, operation: unknown): void {
  if (!(OPERATION_IDS as readonly string[]).includes(id)) {
    const suggestion = nearest(id, OPERATION_IDS)
    throw new HarnessError('CONFIG', `${file}: there is no operation "${id}"`, {
      hint: suggestion === undefined ? `known: ${OPERATION_IDS.join(', ')}` : `did you mean "${suggestion}"?`,
    })
  }
  // Spelt out as undefined, an operation is left out.
  if (operation === undefined) return
  const { path, method, read } = (operation ?? {}) as { path?: unknown; method?: unknown; read?: unknown }
  if (typeof path !== 'string' || !path.startsWith('/') || typeof method !== 'string' || typeof read !== 'function') {
    throw new HarnessError('CONFIG', `${file}: operation "${id}" needs method, path (beginning with /) and read`)
  }
}

/** A scenario cannot run without its operations: said before anything starts. */
export function requireOperations(scenario: Scenario, target: TargetProfile): void {
  const missing = scenario.needs.filter(op => target.operations[op] === undefined)
  if (missing.length > 0) {
    throw new HarnessError(
      'CONFIG',
      `scenario "${scenario.id}" needs ${missing.join(', ')}, which target "${target.name}" does not have`,
      {
        hint: 'add the operation to the target module, or set `load: null`',
      },
    )
  }
}
