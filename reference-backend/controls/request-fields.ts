import { defineControl } from './define.ts'

type Fields = Readonly<Record<string, unknown>>

/** The fields of a request twice: as they are checked, and as they are used. */
export interface RequestFields {
  checked: Fields
  used: Fields
}

export default defineControl<() => (body: Fields, query: Fields) => RequestFields>({
  id: 'request-fields',
  why: 'two readings of one request are two requests, and only one of them was checked',
  sound: () => body => ({ checked: body, used: body }),
  flaws: {
    // The validator reads the body, the framework's merged parameters are what the code behind it uses.
    'parser-split': () => (body, query) => ({ checked: body, used: { ...body, ...query } }),
  },
})
