import type { OnetapConfig } from './schema.ts'

/** Gives a configuration its types; returns it unchanged. Checked when it is loaded. */
export function defineConfig(config: OnetapConfig): OnetapConfig {
  return config
}
