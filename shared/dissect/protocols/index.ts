/** Every protocol we know: one line each. The order decides only between heuristics. */
import type { AnyProtocol } from '../protocol.ts';
import { data } from './data.ts';
import { eth } from './eth.ts';
import { frame } from './frame.ts';
import { ip } from './ip.ts';
import { cutShort, malformed } from './malformed.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';

export const protocols: readonly AnyProtocol[] = [
  frame,
  eth,
  ip,
  tcp,
  udp,
  data,
  malformed,
  cutShort,
];
