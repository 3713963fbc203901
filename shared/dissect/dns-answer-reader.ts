import type { CaptureStore } from './capture-store.ts';
import { namesOfAddresses } from './dns-addresses.ts';
import { reachLayer } from './reach-layer.ts';
import { Step } from './step.ts';

/** Reads the names that one DNS response of a capture gives to addresses, without making a tree. */
export class DnsAnswerReader {
  private readonly step: Step;
  private readonly dns: number;
  private readonly mdns: number;

  constructor(private readonly capture: CaptureStore) {
    this.step = new Step(capture, capture.registry);
    this.step.cold = true;
    this.dns = capture.registry.indexOf('dns');
    this.mdns = capture.registry.indexOf('mdns');
  }

  /** Names by address, both as text. Untrusted text. @param wanted these addresses only; null all */
  namesIn(row: number, wanted: ReadonlySet<string> | null): ReadonlyMap<string, string> {
    const { step: s, dns, mdns } = this;
    let multicast = false;
    const found = reachLayer(s, this.capture, this.capture.registry, row, (protocol) => {
      multicast = protocol === mdns;
      return multicast || protocol === dns;
    });
    return found ? namesOfAddresses(s.bytes, s.at, s.end, multicast, wanted) : new Map();
  }
}
