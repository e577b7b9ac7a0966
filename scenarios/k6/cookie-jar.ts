import http, { type CookieJar } from 'k6/http'

/**
 * k6 gives every virtual user a jar that sends back what it was set. The target module sets its own headers, and a cookie sent
 * twice, or one it did not send, would change what is tested; k6 has no switch for it. So every request gets a jar that is
 * empty: the same one until a reply has put something in, then a new one (a jar cannot be emptied across paths).
 */
let jar: CookieJar | undefined

export function emptyJar(): CookieJar {
  jar ??= new http.CookieJar()
  return jar
}

/** To be called when a reply carried a cookie. */
export function dropJar(): void {
  jar = undefined
}
