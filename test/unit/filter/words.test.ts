import { describe, expect, it } from 'vitest';
import { readFilter } from '../../../shared/filter/filter.ts';
import { inWords } from '../../../shared/filter/words.ts';
import { catalogue } from './catalogue.ts';

function words(text: string): { readonly en: string; readonly zh: string } {
  const { filter } = readFilter(text, catalogue);
  if (filter === null || filter.tree === null) throw new Error(`refused: ${text}`);
  return inWords(filter.tree, text);
}

describe('a filter read back in words', () => {
  it.each([
    ['tcp', 'Packets with Transmission Control Protocol (tcp)'],
    ['!tcp', 'Packets without Transmission Control Protocol (tcp)'],
    ['tcp.analysis.retransmission', 'Packets with a field tcp.analysis.retransmission'],
    ['tcp.flags.syn == 1', 'Packets where Syn (tcp.flags.syn) is “Set”'],
    ['tcp.flags.syn == 0', 'Packets where Syn (tcp.flags.syn) is “Not set”'],
    ['tcp.flags.syn != 1', 'Packets where Syn (tcp.flags.syn) is “Not set”'],
    ['tcp.len > 0', 'Packets where tcp.len is greater than 0'],
    ['ip.proto == 6', 'Packets where ip.proto is 6 (TCP)'],
    ['frame.len in {60, 100..200}', 'Packets where frame.len is one of 60, 100 to 200'],
    ['dns.qry.name contains "huawei"', 'Packets where dns.qry.name contains "huawei"'],
    [
      'tls.handshake.extensions_server_name matches "^www"',
      'Packets where tls.handshake.extensions_server_name fits the pattern "^www"',
    ],
    [
      'tcp xor udp',
      'Packets either with Transmission Control Protocol (tcp) or with User Datagram Protocol (udp) but not both',
    ],
  ])('%s', (text, en) => {
    expect(words(text).en).toBe(en);
    expect(words(text).zh).toMatch(/^显示.*的数据包$/);
  });

  it('says of fields that occur more than once which of their values count', () => {
    expect(words('tcp.port == 443').en).toBe('Packets where some tcp.port is 443');
    expect(words('tcp.port != 443').en).toBe('Packets where no tcp.port is 443');
    expect(words('tcp.port === 443').en).toBe('Packets where every tcp.port is 443');
    expect(words('tcp.port !== 443').en).toBe('Packets where some tcp.port is not 443');
    expect(words('tcp.port != 443').zh).toBe('显示没有一个 tcp.port 等于 443 的数据包');
  });

  it('says that what is negated also shows the packets without the field', () => {
    expect(words('!(tcp.port == 443)').en).toBe('Packets where no tcp.port is 443 or there is no tcp.port');
    expect(words('!(tcp.flags.syn == 0)').en).toBe(
      'Packets where Syn (tcp.flags.syn) is “Set” or there is no tcp.flags.syn',
    );
    expect(words('!(tcp.len > 0)').en).toBe('Packets where tcp.len is not greater than 0 or there is no tcp.len');
    expect(words('!(dns.qry.name contains "x")').en).toContain('or there is no dns.qry.name');
    expect(words('not not tcp.len > 0').en).toBe(words('tcp.len > 0').en);
  });

  it('sets brackets where “and” and “or” mix, and around what is negated as a whole', () => {
    expect(words('tcp and (udp or arp)').en).toMatch(/^Packets with .* and \(with .* or with .*\)$/);
    expect(words('!(tcp and udp)').en).toMatch(/^Packets other than those with .* and with /);
    expect(words('arp or !(tcp.len > 0)').en).toContain(
      'or (where tcp.len is not greater than 0 or there is no tcp.len)',
    );
  });
});
