import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noK6, realK6 } from '../contract/real-k6.ts'
import { runCli, temporaryFolder } from './command-line.ts'

describe('onetap k8s render', () => {
  it.skipIf(noK6)('writes a script that k6 takes in each segment, and tells what is to be done', async () => {
    const folder = temporaryFolder('k8s')
    const flags = [
      '--target',
      'http://backend.shop.svc:8080',
      '--collector',
      'http://prometheus:9090/api/v1/write',
      '--generators',
      '3',
    ]
    const end = await runCli(['k8s', 'render', ...flags, '--out', folder])
    expect(end.code, end.stderr).toBe(0)
    expect(end.stdout.trim().split('\n')).toEqual([join(folder, 'script.json'), join(folder, 'testrun.json')])
    expect(end.stderr).toContain('kubectl apply')
    const script = JSON.parse(readFileSync(join(folder, 'script.json'), 'utf8')) as { data: Record<string, string> }
    const { spec } = JSON.parse(readFileSync(join(folder, 'testrun.json'), 'utf8')) as {
      spec: { parallelism: number; runner: { env: { name: string }[] } }
    }
    expect(spec.parallelism).toBe(3)
    writeFileSync(join(folder, 'test.js'), script.data['test.js'] ?? '')
    // What the operator's initializer does, without any secret.
    const seen = execFileSync(realK6?.path ?? 'k6', ['inspect', '--execution-requirements', 'test.js'], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    })
    expect(JSON.parse(String(seen))).toMatchObject({ maxVUs: expect.any(Number) })
    // A pod that lacks a secret says so and loads nobody.
    const run = spawnSync(realK6?.path ?? 'k6', ['run', '--quiet', '--no-usage-report', 'test.js'], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    })
    expect([run.status, String(run.stderr).includes('ONETAP_VAR_rebindSecret')]).toEqual([107, true])
  })

  it('says which flag is missing, and refuses what is no URL', async () => {
    expect((await runCli(['k8s', 'render', '--target', 'http://backend:1'])).code).toBe(2)
    const end = await runCli(['k8s', 'render', '--target', 'backend', '--collector', 'http://prometheus:9090'])
    expect([end.code, end.stderr.includes('"backend" is no http URL')]).toEqual([2, true])
  })
})
