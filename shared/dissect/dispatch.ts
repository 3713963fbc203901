/**
 * Named tables from a number in a header to the protocol that follows. A protocol names the tables that it wants to be found in (`bind`);
 * parents know no children.
 */
export const dispatchTables = [
  'link', // LINKTYPE_ number
  'ethertype',
  'ip.proto',
  'tcp.port',
  'udp.port',
  'llc.dsap',
  'ppp.protocol',
  'chdlc.protocol',
  'mpls', // 0: an Ethernet pseudowire
  'gre.proto', // asked before the EtherTypes
] as const;
export type DispatchTable = (typeof dispatchTables)[number];
/** Protocol index by key 0..65535, -1 where nobody asked for it. */
export type DispatchTables = { readonly [T in DispatchTable]: Int16Array };

export type Binding =
  | { readonly table: DispatchTable; readonly keys: readonly number[] }
  /** Looks at bytes to tell whether they are this protocol's; asked in registration order, after the ports. */
  | { readonly heuristicOn: 'tcp' | 'udp' };
