// The part of the package that we use. Its own types say `.default` where its CommonJS bundle exports the builder itself, and
// pull Node's types into a room that may not have them.
declare module 'junit-report-builder' {
  export interface TestCase {
    className(name: string): this
    name(name: string): this
    time(seconds: number): this
    failure(message: string, type: string): this
    error(message: string, type: string): this
    skipped(): this
    standardOutput(text: string): this
  }
  export interface TestSuite {
    name(name: string): this
    time(seconds: number): this
    timestamp(iso: string): this
    testCase(): TestCase
  }
  export interface Builder {
    name(name: string): this
    testSuite(): TestSuite
    build(): string
    newBuilder(): Builder
  }
  const builder: Builder
  export default builder
}
