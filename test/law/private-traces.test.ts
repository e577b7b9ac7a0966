import { expect, it } from 'vitest'
import { at, findInText } from './code-text.ts'
import { file, repositoryFiles, type SourceFile } from './source-files.ts'

/** Folders of somebody's machine. Written with brackets so that this file does not find itself. */
const MACHINE_FOLDER = /(?<![\w.~}-])[/](?:work|root|home|Users|tmp)[/][\w.-]+/

/** Hosts that serve packages and are everybody's. */
const PUBLIC_REGISTRIES = new Set(['registry.npmjs.org', 'www.npmjs.com', 'npmjs.com', 'proxy.golang.org', 'sum.golang.org'])
const URL_HOST = /\bhttps?:[/][/](?:[^\s/@'"`]*@)?([\w.-]+)/
const REGISTRY_LIKE = /(?:^|[.-])(?:registry|npm|mirrors?|goproxy|artifactory|nexus|verdaccio|pypi|proxy)(?:$|[.\d-])/

function machineFolders(files: readonly SourceFile[]): string[] {
  return files.flatMap(source => findInText(source, MACHINE_FOLDER))
}

function privateRegistries(files: readonly SourceFile[]): string[] {
  return files.flatMap(source =>
    findInText(source, URL_HOST).filter(place => {
      const host = URL_HOST.exec(place)?.[1] ?? ''
      return REGISTRY_LIKE.test(host) && !PUBLIC_REGISTRIES.has(host)
    }),
  )
}

/** A registry in npm's settings, and packages the lock file would fetch from anywhere but the public registry. */
function pinnedSources(files: readonly SourceFile[]): string[] {
  return files.flatMap(source => {
    const line = source.text.split('\n')
    if (source.path.endsWith('.npmrc')) {
      return line.flatMap((text, i) => (/registry|proxy|_auth/i.test(text) ? [at(source, i + 1, text)] : []))
    }
    if (!source.path.endsWith('package-lock.json')) return []
    return line.flatMap((text, i) =>
      /"resolved": "(?!https:[/][/]registry\.npmjs\.org[/]|file:)/.test(text) ? [at(source, i + 1, text.trim())] : [],
    )
  })
}

it('no file names a folder of the machine it was written on', () => {
  expect(machineFolders(repositoryFiles())).toEqual([])
})

it('no file names a package registry that is not public', () => {
  expect(privateRegistries(repositoryFiles())).toEqual([])
})

it('npm is left to its own settings, and the lock file to the public registry', () => {
  expect(pinnedSources(repositoryFiles())).toEqual([])
})

it('the laws on traces bite', () => {
  const folder = (name: string): string => ['', name, 'someone', 'x.ts'].join('/')
  for (const name of ['work', 'root', 'home', 'Users', 'tmp']) {
    expect(machineFolders([file('docs/x.md', `see ${folder(name)}`)]), name).toHaveLength(1)
  }
  expect(machineFolders([file('docs/x.md', 'see src/work/x.ts, ./home/x and https://example.com/home/x')])).toEqual([])

  const url = (host: string): string => ['https:', '', host, 'x'].join('/')
  for (const host of ['registry.example.org', 'npm.example.org:4873', 'user:word@nexus.example.org', 'goproxy.example.org']) {
    expect(privateRegistries([file('tools/x.ts', url(host))]), host).toHaveLength(1)
  }
  expect(privateRegistries([file('tools/x.ts', [...PUBLIC_REGISTRIES, 'github.com'].map(url).join(' '))])).toEqual([])

  expect(pinnedSources([file('.npmrc', `fund=false\nregistry=${url('example.org')}\n`)])).toHaveLength(1)
  expect(pinnedSources([file('package-lock.json', `  "resolved": "${url('example.org')}",\n`)])).toHaveLength(1)
  expect(pinnedSources([file('package-lock.json', `  "resolved": "${url('registry.npmjs.org')}",\n`)])).toEqual([])
})
