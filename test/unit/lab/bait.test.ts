import { expect, it } from 'vitest'
import { layBait } from '../../../src/lab/bait.ts'

it('a bait tells who came and what for, and answers everybody the same', async () => {
  const bait = await layBait('{"keys":[]}')
  try {
    expect(bait.calls()).toEqual([])
    expect(await (await fetch(`${bait.url}/jwks.json`)).json()).toEqual({ keys: [] })
    expect(bait.calls()).toEqual(['GET /jwks.json'])
  } finally {
    await bait.close()
  }
})
