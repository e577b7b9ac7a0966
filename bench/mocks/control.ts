import type { MocksReady } from '../../src/contract/journal.ts'

/** The mocks' control plane, for benches. */
export async function control<T>(ready: MocksReady, path: string, method = 'GET'): Promise<T> {
  return JSON.parse(await controlText(ready, path, method)) as T
}

export async function controlText(ready: MocksReady, path: string, method = 'GET'): Promise<string> {
  const headers = { authorization: `Bearer ${ready.controlToken}` }
  return (await fetch(`${ready.controlUrl}/__onetap${path}`, { method, headers })).text()
}
