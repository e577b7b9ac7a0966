import type { FastifyInstance } from 'fastify'
import { Refusal } from '../refusal.ts'

/** Adds routes, and to each of their paths an answer to every other method: 405 with what is allowed (RFC 9110, 15.5.6). */
export function withOtherMethods(app: FastifyInstance, addRoutes: () => void): void {
  const allowed = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = allowed.get(url) ?? new Set()
    allowed.set(url, methods)
    for (const one of [method].flat()) methods.add(one)
  })
  addRoutes()
  for (const [url, methods] of [...allowed]) {
    const allow = [...methods].sort().join(', ')
    app.route({
      url,
      method: app.supportedMethods.filter(method => !methods.has(method)),
      // Before the body is read: nobody wants it.
      onRequest: async (_request, reply) => {
        reply.header('allow', allow)
        throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'Not by this method.')
      },
      handler: () => {},
    })
  }
}
