/** Severities and groups of expert items, as `_ws.expert.severity` and `_ws.expert.group` number them. */
export const severityNumbers = {
  comment: 0x100000,
  chat: 0x200000,
  note: 0x400000,
  warn: 0x600000,
  error: 0x800000,
} as const;
export const expertGroups = {
  Checksum: 0x1000000,
  Sequence: 0x2000000,
  Undecoded: 0x5000000,
  Reassemble: 0x6000000,
  Malformed: 0x7000000,
  Protocol: 0x9000000,
  Security: 0xa000000,
} as const;
export type ExpertGroup = keyof typeof expertGroups;
export const severityWords = {
  comment: 'Comment',
  chat: 'Chat',
  note: 'Note',
  warn: 'Warning',
  error: 'Error',
} as const;
