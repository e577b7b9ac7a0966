import { defineControl } from './define.ts'

/** Turns the fields of a carrier request into its body. */
export interface RequestWriter {
  json(fields: Readonly<Record<string, string>>): string
  form(fields: Readonly<Record<string, string>>): string
  /** Whether a token goes on without a look at its shape. */
  readonly anyToken: boolean
}

export default defineControl<() => RequestWriter>({
  id: 'carrier-request-written',
  why: 'a value that can end its own field can begin others: the app id, a second number, a second request',
  sound: () => ({
    json: fields => JSON.stringify(fields),
    form: fields => new URLSearchParams(fields).toString(),
    anyToken: false,
  }),
  flaws: {
    // Templates, as in the vendor's first sample; quoting is left to the values.
    'string-carrier-request': () => ({
      json: fields => `{${pairs(fields, (name, value) => `"${name}":"${value}"`).join(',')}}`,
      form: fields => pairs(fields, (name, value) => `${name}=${value}`).join('&'),
      anyToken: true,
    }),
  },
})

function pairs(fields: Readonly<Record<string, string>>, write: (name: string, value: string) => string): string[] {
  return Object.entries(fields).map(([name, value]) => write(name, value))
}
