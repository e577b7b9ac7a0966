/** Any JSON value. Attack inputs use it to send the wrong type on purpose. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Closes a switch over a discriminated union: a new member becomes a compile error here. */
export function exhaustive(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`)
}
