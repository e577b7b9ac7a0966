import net, { type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type StoreProxy, startStoreProxy } from '../../../src/world/store-proxy.ts'

/** Echoes what it is sent, line by line as it comes. */
async function echoStore(): Promise<string> {
  const server = net.createServer(socket => socket.on('error', () => {}).pipe(socket))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}/3`
}

async function proxyFor(url: string): Promise<StoreProxy> {
  const proxy = await startStoreProxy(url)
  onTestFinished(() => proxy.close())
  return proxy
}

/** What the store answers to `text`, and how long it took; undefined when the wire is cut. */
function ask(proxy: StoreProxy, text: string): Promise<{ said: string; ms: number } | undefined> {
  const began = performance.now()
  return new Promise(resolve => {
    const socket = net.connect(Number(new URL(proxy.url).port), '127.0.0.1', () => socket.write(text))
    let said = ''
    socket.on('data', chunk => {
      said += chunk
      if (said.length < text.length) return
      resolve({ said, ms: performance.now() - began })
      socket.destroy()
    })
    socket.on('error', () => resolve(undefined)).on('close', () => resolve(undefined))
  })
}

describe('the wire before a store', () => {
  it('carries everything while the store is up, under its own address', async () => {
    const url = await echoStore()
    const proxy = await proxyFor(url)
    expect(proxy.url).not.toBe(url)
    expect(new URL(proxy.url).pathname).toBe('/3')
    expect((await ask(proxy, 'PING'))?.said).toBe('PING')
  })

  it('delays answers, in their order', async () => {
    const proxy = await proxyFor(await echoStore())
    await proxy.set({ delayMs: 120 })
    const answer = await ask(proxy, 'a'.repeat(200_000))
    expect(answer?.said).toBe('a'.repeat(200_000))
    expect(answer?.ms).toBeGreaterThanOrEqual(119)
  })

  it('refuses connections while the store is down, cuts those there were, and is the same address afterwards', async () => {
    const proxy = await proxyFor(await echoStore())
    const standing = net.connect(Number(new URL(proxy.url).port), '127.0.0.1')
    const cut = new Promise<void>(resolve => standing.on('error', () => {}).on('close', () => resolve()))
    await new Promise(resolve => standing.once('connect', resolve))
    await proxy.set('down')
    await cut
    expect(await ask(proxy, 'PING')).toBeUndefined()
    await proxy.set('up')
    expect((await ask(proxy, 'PING'))?.said).toBe('PING')
  })

  it.each([
    ['redis://10.1.2.3:6379', 'NOT_ALLOWED'],
    ['redis://127.0.0.1', 'CONFIG'],
    ['somewhere', 'CONFIG'],
  ])('will not stand before %s', async (url, code) => {
    await expect(startStoreProxy(url)).rejects.toMatchObject({ code })
  })
})
