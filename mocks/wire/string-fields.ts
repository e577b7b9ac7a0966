import { parse } from 'node:querystring'

/** Named text values of a request. Read with `text()`, which never finds inherited names. */
export type StringFields = Readonly<Record<string, string>>

/** The value of a field, empty when absent. */
export function text(fields: StringFields, name: string): string {
  return Object.hasOwn(fields, name) ? (fields[name] ?? '') : ''
}

/** Reads a JSON object; undefined when the text is no JSON or no object. */
export function jsonObject(body: string): Record<string, unknown> | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  return isObject(value) ? value : undefined
}

/** The object itself when every value is a string; China Mobile takes nothing else ([S4]). */
export function onlyStrings(value: unknown): StringFields | undefined {
  if (!isObject(value)) return undefined
  for (const name in value) if (typeof value[name] !== 'string') return undefined
  return value as StringFields
}

/** Reads form fields; undefined when a name comes twice, so that no two readers can disagree on the winner. */
export function formFields(encoded: string): StringFields | undefined {
  return onlyStrings({ ...parse(encoded, '&', '=', { maxKeys: 100 }) })
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
