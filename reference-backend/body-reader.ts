import { malformed } from './refusal.ts'

/** The body as an object whose own fields may be anything. Throws a 400 for every other JSON value. */
export function objectBody(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw malformed('BODY_MALFORMED', 'The body must be a JSON object.')
  }
  return body as Record<string, unknown>
}

/** A field the object itself has; what it inherits does not count (`constructor`, `toString`). */
export function ownField(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** A text field of the given shape, byte for byte as sent: nothing is trimmed, folded or decoded. */
export function textOfShape(object: Readonly<Record<string, unknown>>, name: string, shape: RegExp): string {
  const value = ownField(object, name)
  if (typeof value !== 'string' || !shape.test(value)) {
    throw malformed('BODY_MALFORMED', `The field ${name} is missing or not of the right shape.`)
  }
  return value
}
