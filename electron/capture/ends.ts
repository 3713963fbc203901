/** When a file, or a capture, is over; infinite: never for that reason. */
export interface Ends {
  readonly packets: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly files: number;
}
export const never: Ends = {
  packets: Number.POSITIVE_INFINITY,
  bytes: Number.POSITIVE_INFINITY,
  seconds: Number.POSITIVE_INFINITY,
  files: Number.POSITIVE_INFINITY,
};
