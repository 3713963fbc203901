/** Times, in nanoseconds, that several steps of the connection model go by. */

/** What was overtaken on its way, or exchanged with its neighbour, comes within this time. */
export const overtakenNs = 100_000_000;
/**
 * Behind such a silence what looks like the same numbers may belong to the next connection: packets that were
 * exchanged, and answers, lie closer together.
 */
export const silenceNs = 5_000_000_000;
