import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { samples } from '../../golden/samples.ts'

interface Step {
  name?: string
  id?: string
  if?: string
  shell?: string
  run?: string
  env?: Record<string, string>
}
interface Action {
  inputs: Record<string, { description: string; default: string }>
  outputs: Record<string, { value: string }>
  runs: { using: string; steps: Step[] }
}

const root = new URL('../../../', import.meta.url)
const action = parse(readFileSync(new URL('action.yml', root), 'utf8')) as Action
const step = (name: string): Step => action.runs.steps.find(one => one.name === name)!
const folder = mkdtempSync(join(tmpdir(), 'onetap-action-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a step as the runner does, in an empty folder beside a stand-in for onetap that ends with `code`. */
function perform(
  name: string,
  env: Record<string, string>,
  code = 0,
): { code: number | null; stdout: string; output: string; summary: string; args: string } {
  const home = join(folder, 'home')
  mkdirSync(join(home, 'bin'), { recursive: true })
  const seen = join(folder, 'seen')
  writeFileSync(
    join(home, 'bin', 'onetap.js'),
    `process.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(seen)}, process.argv.slice(2).join('\\n')); process.exit(${code})`,
  )
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') }
  for (const file of [...Object.values(files), seen]) writeFileSync(file, '')
  const end = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step(name).run!], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME_OF_ONETAP: home, ...files, ...env },
  })
  const read = (file: string): string => readFileSync(file, 'utf8')
  return {
    code: end.status,
    stdout: end.stdout,
    output: read(files.GITHUB_OUTPUT),
    summary: read(files.GITHUB_STEP_SUMMARY),
    args: read(seen),
  }
}

const inputs = { CONFIG: 'a b.ts', MODE: 'run', ARGS: '', OUT: 'report', BASELINE: '' }

describe('the GitHub action', () => {
  it('is composite; each step says its shell; no input is put into a script but by the environment', () => {
    expect(action.runs.using).toBe('composite')
    for (const one of action.runs.steps) {
      expect(one.shell).toBe('bash')
      expect(one.run).not.toContain('${{')
    }
  })

  it('hands config, folder, flags and baseline on, and keeps the exit code for the gate', () => {
    const plain = perform('onetap', inputs, 99)
    expect([plain.code, plain.output]).toEqual([0, 'exit-code=99\n'])
    expect(plain.args.split('\n')).toEqual(['run', '--config', 'a b.ts', '--out', 'report', '--progress', 'plain'])
    const more = perform('onetap', { ...inputs, ARGS: '--seed 3', BASELINE: 'old/result.json' })
    expect(more.args.split('\n').slice(7)).toEqual(['--seed', '3', '--baseline', 'old/result.json'])
  })

  it('prints annotations, writes the summary, and says the verdict', () => {
    mkdirSync(join(folder, 'report'), { recursive: true })
    writeFileSync(join(folder, 'report', 'github-annotations.txt'), '::error::x\n')
    writeFileSync(join(folder, 'report', 'job-summary.md'), '## FAIL\n')
    writeFileSync(join(folder, 'report', 'result.json'), JSON.stringify(samples.find(({ name }) => name === 'fail')!.result))
    const end = perform('Annotations and summary', { OUT: 'report' })
    expect(end).toMatchObject({ code: 0, stdout: '::error::x\n', summary: '## FAIL\n', output: 'verdict=fail\n' })
    expect(perform('Annotations and summary', { OUT: 'nowhere' })).toMatchObject({ code: 0, output: '' })
  })

  it.each([
    ['0', 0],
    ['1', 1],
    ['4', 4],
    ['130', 130],
    ['', 70],
  ])('ends with the code %j as %i: none at all is never green', (code, ends) =>
    expect(perform('Gate', { CODE: code }).code).toBe(ends),
  )
})

it('the GitLab template keeps the reports of a red run, under the names they are written by', () => {
  const template = parse(readFileSync(new URL('examples/ci/gitlab.yml', root), 'utf8')) as {
    '.onetap': { artifacts: { when: string; reports: Record<string, string> } }
  }
  const { when, reports } = template['.onetap'].artifacts
  expect(when).toBe('always')
  expect(reports).toEqual({
    junit: '$OUT/junit.xml',
    codequality: '$OUT/gl-code-quality-report.json',
    metrics: '$OUT/metrics.txt',
  })
})
