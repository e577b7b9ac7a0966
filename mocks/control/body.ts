import type { FastifyReply } from 'fastify'
import { isObject } from '../wire/string-fields.ts'

/** Answers {error:{code,message,hint}}. */
export function refuse(reply: FastifyReply, status: number, code: string, message: string, hint: string): FastifyReply {
  return reply.code(status).send({ error: { code, message, hint } })
}

/** The body's fields; a text says what is wrong. An absent body counts as {}. Fields not named are an error, never ignored. */
export function fieldsOf(body: unknown, known: readonly string[]): Readonly<Record<string, unknown>> | string {
  if (body === undefined || body === null) return {}
  if (!isObject(body)) return 'The body must be a JSON object.'
  const stranger = Object.keys(body).find(name => !known.includes(name))
  return stranger === undefined ? body : `Unknown field ${JSON.stringify(stranger)}.`
}

export function isWholeNumber(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}
