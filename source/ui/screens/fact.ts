/** A line of a detail: without a value it is left out, with an empty one it is a heading. */
export type Fact = [name: string, value: string | undefined];
