import { TcpFlag } from './segments.ts';

const flagNames = [
  ['FIN', TcpFlag.FIN],
  ['SYN', TcpFlag.SYN],
  ['RST', TcpFlag.RST],
  ['PSH', TcpFlag.PSH],
  ['ACK', TcpFlag.ACK],
  ['URG', TcpFlag.URG],
  ['ECE', TcpFlag.ECE],
  ['CWR', TcpFlag.CWR],
  ['AE', TcpFlag.AE],
] as const;

/** Names of the flags that are set, in the order of the header's low bits. */
export function flagTexts(flags: number): readonly string[] {
  const names: string[] = [];
  for (const [name, bit] of flagNames) if ((flags & bit) !== 0) names.push(name);
  return names;
}
