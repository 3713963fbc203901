import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portsOf, siteFilter } from '../../../shared/format/site-filter.ts';
import { maxSiteAddresses } from '../../../shared/model/site.ts';

const text = (...args: Parameters<typeof siteFilter>): string | undefined => siteFilter(...args)?.text;

describe('the capture filter of a site', () => {
  it('is of its addresses and its port', () => {
    expect(text(['192.0.2.1'], [443])).toBe('tcp and host 192.0.2.1 and port 443');
    expect(text(['2001:db8::1', '192.0.2.1'], [443])).toBe('tcp and (host 192.0.2.1 or host 2001:db8::1) and port 443');
    expect(text(['192.0.2.1'], [443, 80])).toBe('tcp and host 192.0.2.1 and (port 80 or port 443)');
  });

  it('takes DNS and ICMP in, each for itself', () => {
    expect(text(['192.0.2.1'], [80], { dns: true })).toBe('(tcp and host 192.0.2.1 and port 80) or port 53');
    expect(text(['192.0.2.1'], [80], { dns: true, icmp: true })).toBe(
      '(tcp and host 192.0.2.1 and port 80) or port 53 or icmp or icmp6',
    );
  });

  it('is the same in whatever order and form the addresses come', () => {
    const addresses = ['10.0.0.9', '10.0.0.10', '9.255.0.1', '2001:db8::2', '2001:db8::10', 'fe80::1'];
    const expected = text(addresses, [80]);
    expect(expected).toBe(
      'tcp and (host 9.255.0.1 or host 10.0.0.9 or host 10.0.0.10 or host 2001:db8::2 or host 2001:db8::10 or host fe80::1) and port 80',
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(addresses, { minLength: 6 }), (order) => {
        expect(text([...order, ...order], [80, 80])).toBe(expected);
      }),
    );
    expect(
      text(['2001:DB8:0::2', 'fe80::1%eth0', '::ffff:10.0.0.9', '10.0.0.10', '9.255.0.1', '2001:db8:0:0::10'], [80]),
    ).toBe(expected);
  });

  it('is bounded, and says what it left out', () => {
    const many = Array.from({ length: 100 }, (_, i) => `10.0.${200 - i}.1`);
    const filter = siteFilter(many, [443]);
    expect(filter?.addresses).toHaveLength(maxSiteAddresses);
    expect(filter?.leftOut).toBe(100 - maxSiteAddresses);
    // Those that the resolver put first.
    expect(filter?.addresses).toContain('10.0.200.1');
    expect(filter?.addresses).not.toContain('10.0.101.1');
  });

  it('never becomes a filter of everything, nor one of other words', () => {
    expect(siteFilter([], [80])).toBeNull();
    expect(siteFilter(['192.0.2.1'], [])).toBeNull();
    expect(siteFilter(['192.0.2.1'], [0, 65_536, 1.5, Number.NaN])).toBeNull();
    expect(siteFilter(['www.example.com', '192.0.2.1 or tcp', '', '-w'], [80])).toBeNull();
  });

  it('watches both ports of the web where none was typed', () => {
    expect(portsOf({ port: 443, portGiven: false })).toEqual([80, 443]);
    expect(portsOf({ port: 8080, portGiven: true })).toEqual([8080]);
  });

  it('is understood by libpcap, at its longest too', (context) => {
    const compile = (filter: string) => spawnSync('dumpcap', ['-d', '-i', 'lo', '-f', filter], { encoding: 'utf8' });
    const probe = compile('tcp');
    if (probe.status !== 0)
      context.skip(`dumpcap cannot compile filters here: ${probe.error?.message ?? probe.stderr.trim()}`);
    const many = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? `10.0.${i}.1` : `2001:db8::${i}`));
    for (const filter of [
      text(['::1', '127.0.0.1'], [80, 443], { dns: true, icmp: true }),
      text(many, [443, 80], { dns: true }),
    ]) {
      const compiled = compile(filter ?? '');
      expect({ filter, status: compiled.status }).toEqual({ filter, status: 0 });
    }
  });
});
