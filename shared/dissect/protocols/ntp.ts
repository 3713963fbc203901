/** Network Time Protocol, versions 1 to 4 (RFC 5905). Control (mode 6) and private (mode 7) messages are named only. */
import { absTime, bytes, i8, type TimeValue, u32, u8 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import { absTimeText } from '../../format/time.ts';

const modes: Readonly<Record<number, string>> = { 0: 'reserved', 1: 'symmetric active', 2: 'symmetric passive', 3: 'client', 4: 'server', 5: 'broadcast', 6: 'control', 7: 'private' };
/** Seconds from 1900 to 1970. */
const epoch = 2_208_988_800;

const stamp = (label: string) => absTime(label, { text: (v: TimeValue) => `${label}: ${v.sec === -epoch && v.nsec === 0 ? 'NULL' : absTimeText(v)}` });

export const ntp = defineProtocol('ntp', {
  label: 'Network Time Protocol',
  bind: [{ table: 'udp.port', keys: [123] }],
  fields: {
    flags: u8('Flags', { at: 0, base: 'hex' }),
    'flags.li': u8('Leap Indicator', { at: 0, mask: 0xc0, parent: 'flags', values: { 0: 'no warning', 1: 'last minute of the day has 61 seconds', 2: 'last minute of the day has 59 seconds', 3: 'unknown (clock unsynchronized)' } }),
    'flags.vn': u8('Version number', { at: 0, mask: 0x38, parent: 'flags' }),
    'flags.mode': u8('Mode', { at: 0, mask: 0x07, parent: 'flags', values: modes }),
    stratum: u8('Peer Clock Stratum'),
    ppoll: u8('Peer Polling Interval'),
    precision: i8('Peer Clock Precision'),
    rootdelay: u32('Root Delay'),
    rootdispersion: u32('Root Dispersion'),
    refid: bytes('Reference ID'),
    reftime: stamp('Reference Timestamp'),
    org: stamp('Origin Timestamp'),
    rec: stamp('Receive Timestamp'),
    xmt: stamp('Transmit Timestamp'),
    keyid: bytes('Key ID'),
    mac: bytes('Message Authentication Code'),
  },
  dissect(view, out) {
    const mode = view.get('flags.mode');
    const version = view.get('flags.vn');
    const name = modes[mode] ?? '';
    out.info(`NTP Version ${version}, ${name}`);
    out.title(`Network Time Protocol (NTP Version ${version}, ${name})`);
    if (mode >= 6) return;
    out.add('stratum', 1, 1, view.u8(1));
    out.add('ppoll', 2, 1, view.u8(2));
    out.add('precision', 3, 1, (view.u8(3) << 24) >> 24);
    out.add('rootdelay', 4, 4, view.u32(4), { text: `Root Delay: ${(view.u32(4) / 65_536).toFixed(6)} seconds` });
    out.add('rootdispersion', 8, 4, view.u32(8), { text: `Root Dispersion: ${(view.u32(8) / 65_536).toFixed(6)} seconds` });
    out.add('refid', 12, 4, view.slice(12, 4));
    const stamps = [[16, 'reftime'], [24, 'org'], [32, 'rec'], [40, 'xmt']] as const;
    for (const [at, key] of stamps) {
      const sec = view.u32(at);
      const nsec = Math.floor((view.u32(at + 4) / 4_294_967_296) * 1e9);
      // Seconds since 1900; with the top bit clear they count from 2036 (RFC 4330 section 3).
      out.add(key, at, 8, sec === 0 && nsec === 0 ? { sec: -epoch, nsec: 0 } : { sec: sec >= 0x80000000 ? sec - epoch : sec + 4_294_967_296 - epoch, nsec });
    }
    if (view.captured >= 52 && view.captured <= 72) {
      out.add('keyid', 48, 4, view.slice(48, 4));
      if (view.captured > 52) out.add('mac', 52, view.captured - 52, view.slice(52, view.captured - 52));
    }
  },
});
