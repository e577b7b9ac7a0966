import { defineConfig } from 'vitest/config'

// Projects are run by name so that `npm run unit` stays quick and `npm test` can say what each part found.
export default defineConfig({
  test: {
    projects: ['law', 'unit', 'golden', 'stores', 'contract', 'proof', 'e2e'].map(name => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: name === 'unit' || name === 'law' ? 20_000 : 120_000,
        hookTimeout: 120_000,
        fileParallelism: name === 'unit' || name === 'law',
      },
    })),
  },
})
