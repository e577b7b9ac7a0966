/** Percent-encodes everything but RFC 3986's unreserved characters, as Alibaba's signatures want it ([S15]). */
export function rfc3986(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** `a=1&b=2` in the order of the names by code unit, names and values encoded. */
export function sortedQuery(fields: Readonly<Record<string, string>>): string {
  return Object.keys(fields)
    .sort()
    .map(name => `${rfc3986(name)}=${rfc3986(fields[name] ?? '')}`)
    .join('&')
}
