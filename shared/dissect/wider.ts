type Numbers = Uint32Array | Int32Array | Uint16Array | Int8Array | Uint8Array | Float64Array;

/** The values of an array in a larger one: how the tables per stream grow. */
export function wider<T extends Numbers>(larger: T, old: T): T {
  larger.set(old);
  return larger;
}
