declare module 'snappyjs' {
  /** Throws on a broken stream, and on one that says it is longer than `maxLength` before anything is unpacked. */
  export function uncompress(compressed: Uint8Array, maxLength?: number): Uint8Array
  export function compress(plain: Uint8Array): Uint8Array
}
