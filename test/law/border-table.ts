/**
 * Who may import what: the border table of ARCHITECTURE.md in a form that can be checked. The first row that covers a file holds.
 * A path that ends in `/` means everything below it, one that ends in `/*` only what lies directly in it.
 */
export interface Border {
  /** Files this row is about. */
  covers: readonly string[]
  /** Files of the repository they may import. */
  imports: readonly string[]
  /** Node's own modules. */
  builtins: 'all' | 'none' | readonly string[]
  /** Packages by name; `onetap:` stands for the modules the bundler makes up. */
  packages: 'any' | readonly string[]
}

const CONTRACT = 'src/contract/'
const DRIVING = ['undici', 'autocannon', 'esbuild', 'snappyjs', 'protobufjs', 'tsx']
const ROOMS_BELOW = ['mocks/', 'attacks/', 'scenarios/*', 'reports/']

export const BORDERS: readonly Border[] = [
  { covers: [CONTRACT], imports: [CONTRACT], builtins: 'none', packages: [] },
  { covers: ['src/judge/'], imports: [CONTRACT, 'src/judge/'], builtins: 'none', packages: [] },
  { covers: ['src/config/'], imports: [CONTRACT, 'src/config/'], builtins: 'all', packages: ['zod', 'tsx'] },
  { covers: ['src/world/'], imports: [CONTRACT, 'src/world/'], builtins: 'all', packages: DRIVING },
  { covers: ['src/lab/'], imports: [CONTRACT, 'src/world/', 'src/lab/'], builtins: 'all', packages: DRIVING },
  {
    covers: ['src/engines/'],
    imports: [CONTRACT, 'src/world/', 'src/lab/', 'src/engines/'],
    builtins: 'all',
    packages: DRIVING,
  },
  {
    covers: ['src/run/'],
    imports: [CONTRACT, 'src/world/', 'src/lab/', 'src/engines/', 'src/run/'],
    builtins: 'all',
    packages: DRIVING,
  },
  { covers: ['src/cli/'], imports: ['src/'], builtins: 'all', packages: ['commander', 'picocolors'] },
  {
    covers: ['src/rooms.ts'],
    imports: [CONTRACT, 'src/engines/', ...ROOMS_BELOW],
    builtins: 'all',
    packages: [],
  },
  { covers: ['src/index.ts'], imports: [CONTRACT, 'src/config/'], builtins: 'none', packages: [] },

  { covers: ['scenarios/k6/'], imports: [CONTRACT, 'scenarios/'], builtins: 'none', packages: ['k6', 'onetap:'] },
  { covers: ['scenarios/'], imports: [CONTRACT, 'scenarios/*'], builtins: 'none', packages: [] },
  { covers: ['attacks/index.ts'], imports: [CONTRACT, 'attacks/'], builtins: 'none', packages: [] },
  { covers: ['attacks/'], imports: [CONTRACT, 'attacks/kit/'], builtins: ['node:crypto'], packages: [] },
  {
    covers: ['reports/'],
    imports: [CONTRACT, 'reports/'],
    builtins: 'none',
    packages: ['d3-scale', 'd3-shape', 'junit-report-builder'],
  },
  {
    covers: ['mocks/'],
    imports: [CONTRACT, 'mocks/'],
    builtins: 'all',
    packages: ['fastify', '@faker-js/faker', 'node-forge'],
  },
  {
    covers: ['reference-backend/'],
    imports: ['reference-backend/'],
    builtins: 'all',
    packages: ['fastify', 'pg', 'ioredis', 'jose'],
  },

  // A target module and a config as users have them: what they may see of us is what the package exports.
  { covers: ['onetap.target.ts'], imports: ['src/contract/target.ts'], builtins: 'none', packages: [] },
  { covers: ['onetap.config.ts'], imports: ['src/config/define-config.ts', 'src/index.ts'], builtins: 'none', packages: [] },
  {
    covers: ['examples/'],
    imports: ['src/contract/target.ts', 'src/config/define-config.ts', 'src/index.ts', 'onetap.target.ts', 'examples/'],
    builtins: 'all',
    packages: ['fastify', 'onetap'],
  },
  { covers: ['bin/'], imports: ['src/cli/'], builtins: 'all', packages: [] },

  // The guest is imported by nobody but its own tests.
  {
    covers: ['test/unit/reference-backend/', 'test/stores/'],
    imports: ['reference-backend/', 'test/'],
    builtins: 'all',
    packages: 'any',
  },
  {
    covers: ['test/', 'bench/', 'scripts/', 'vitest.config.ts'],
    imports: [
      'src/',
      ...ROOMS_BELOW,
      'scenarios/',
      'examples/',
      'test/',
      'bench/',
      'scripts/',
      'onetap.target.ts',
      'onetap.config.ts',
    ],
    builtins: 'all',
    packages: 'any',
  },
]

/** Does a file lie in one of these places? */
export function liesIn(path: string, places: readonly string[]): boolean {
  return places.some(place => {
    if (place.endsWith('/*')) return path.startsWith(place.slice(0, -1)) && !path.slice(place.length - 1).includes('/')
    return place.endsWith('/') ? path.startsWith(place) : path === place
  })
}

/** The row that holds for a file; undefined when none covers it. */
export function borderOf(path: string): Border | undefined {
  return BORDERS.find(border => liesIn(path, border.covers))
}
