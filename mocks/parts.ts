import { carriers } from './carriers/index.ts'
import type { ProviderPart } from './dialect.ts'
import { providers } from './providers/index.ts'

/** Every provider there is, carriers first. */
export const parts: readonly ProviderPart[] = [...carriers, ...providers]
