import { HarnessError } from '../contract/errors.ts'

/** Fills `{name}` in a text from known values. An unknown name is a configuration error, with the known ones named. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>, where: string): string {
  return text.replace(/\{([a-zA-Z][\w.-]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value !== undefined) return value
    throw new HarnessError('CONFIG', `${where}: nothing is known as {${name}}`, {
      hint: `known: ${Object.keys(values).sort().join(', ')}`,
    })
  })
}
