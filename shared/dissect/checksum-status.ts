/** Values of the `*.checksum.status` fields. */
export const checksumStatus = { Bad: 0, Good: 1, Unverified: 2, NotPresent: 3, Illegal: 4 } as const;
export const checksumStatusNames: Readonly<Record<number, string>> = {
  0: 'Bad',
  1: 'Good',
  2: 'Unverified',
  3: 'Not present',
  4: 'Illegal',
};
