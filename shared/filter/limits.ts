/** Longest filter that is read, in UTF-16 units. */
export const maxFilterLength = 16_384;
