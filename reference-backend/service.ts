import { createServer, type RequestListener, type Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { type Backend, openBackend } from './backend.ts'
import type { Settings } from './environment.ts'

/** What listens: one instance of the backend, or two behind one address. */
export interface Service {
  app: FastifyInstance
  /** Ends what the instances hold, after the app was closed. */
  close(): Promise<void>
}

/** Throws when a store cannot be reached. */
export async function openService(settings: Settings): Promise<Service> {
  const backend = await openBackend(settings)
  if (settings.dialect === 'two-instances') return twoInstances(settings, backend)
  return { app: await buildApp(backend), close: () => backend.close() }
}

/**
 * Two instances over the same stores, asked in turn as a load balancer would. They share keys and stores and nothing else: what
 * only one of them remembers is forgotten by every second request.
 */
async function twoInstances(settings: Settings, first: Backend): Promise<Service> {
  const second = await openBackend(settings, Date.now, first.stores, first.counts)
  const other = await buildApp(second)
  await other.ready()
  let turn = 0
  const app = await buildApp(first, {
    serverFactory: (handler: RequestListener): Server => {
      const { checkEveryMs, headersTimeoutMs, keepAliveTimeoutMs, requestTimeoutMs } = first.deadlines
      const server = createServer(
        { requestTimeout: requestTimeoutMs, connectionsCheckingInterval: checkEveryMs },
        (request, response) => {
          if (turn++ % 2 === 0) handler(request, response)
          else other.routing(request, response)
        },
      )
      return Object.assign(server, { headersTimeout: headersTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs })
    },
  })
  return {
    app,
    close: async () => {
      await other.close()
      await second.close()
      await first.close()
    },
  }
}
