/** What the fields of a packet are in memory. */

/** A point in time or a span: whole seconds and nanoseconds 0..999999999. */
export interface TimeValue {
  readonly sec: number;
  readonly nsec: number;
}

/** What a value of each field type is in memory. */
export interface ValueTypes {
  u8: number;
  u16: number;
  u24: number;
  u32: number;
  /** Unsigned, 40, 48, 56 or 64 bits. */
  u64: bigint;
  i8: number;
  i16: number;
  i32: number;
  i64: bigint;
  bool: boolean;
  double: number;
  string: string;
  bytes: Uint8Array;
  /** 6 bytes. */
  ether: Uint8Array;
  /** 8 bytes. */
  eui64: Uint8Array;
  /** The address as an unsigned 32-bit number, most significant byte first. */
  ipv4: number;
  /** 16 bytes. */
  ipv6: Uint8Array;
  /** 16 bytes. */
  guid: Uint8Array;
  absTime: TimeValue;
  relTime: TimeValue;
  /** A frame number (1-based): shown as a link. */
  frame: number;
  /** A line with no value of its own, or a whole protocol. */
  none: true;
  protocol: true;
}
export type FieldType = keyof ValueTypes;
export type Value = ValueTypes[FieldType];

/** How an integer is written: decimal, hexadecimal (padded to its width), or both, the second in parentheses. */
export type Base = 'dec' | 'hex' | 'dec-hex' | 'hex-dec' | 'oct';
