/** Another way to write a number, or a number that only looks like it. */
export interface Spelling {
  name: string
  /** Whether it is the same number. A target may refuse it; if not, it must be the same person. */
  same: boolean
  /** `other`: a second number, for texts that hold two. */
  write(number: string, other: string): string
}

/** Numbers of China, written as people and programs write them. */
export const spellings: readonly Spelling[] = [
  { name: '+86 before it', same: true, write: number => `+86${number}` },
  { name: '0086 before it', same: true, write: number => `0086${number}` },
  { name: 'spaces and dashes', same: true, write: number => `${number.slice(0, 3)} ${number.slice(3, 7)}-${number.slice(7)}` },
  {
    name: 'full-width digits',
    same: true,
    write: number => [...number].map(d => String.fromCodePoint(0xff10 + Number(d))).join(''),
  },
  { name: 'a number of +1 with the same digits', same: false, write: number => `+1 ${number}` },
  { name: 'a number of +852 with the same digits', same: false, write: number => `+852${number}` },
  { name: 'two numbers, this one last', same: false, write: (number, other) => `${other} ${number}` },
  { name: 'two numbers, this one first', same: false, write: (number, other) => `${number},${other}` },
]
