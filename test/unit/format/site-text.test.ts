import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../../shared/format/ip-text.ts';
import { parseSite } from '../../../shared/format/site-text.ts';
import type { Site } from '../../../shared/model/site.ts';
import { runs } from '../../support/runs.ts';

const site = (text: string): Site => {
  const parsed = parseSite(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.code}`);
  return parsed.value;
};
const refusal = (text: string): string => {
  const parsed = parseSite(text);
  return parsed.ok ? 'taken' : parsed.error.code;
};

describe('a site as it is typed', () => {
  it.each([
    ['www.huawei.com', 'www.huawei.com', 443, 'https', '/', false],
    ['  WWW.Example.COM.  ', 'www.example.com', 443, 'https', '/', false],
    ['example.com:8080', 'example.com', 8080, 'http', '/', true],
    ['example.com:22', 'example.com', 22, 'tcp', '/', true],
    ['example.com:8443', 'example.com', 8443, 'https', '/', true],
    ['http://example.com', 'example.com', 80, 'http', '/', true],
    ['HTTPS://example.com/', 'example.com', 443, 'https', '/', true],
    ['http://example.com:443/', 'example.com', 443, 'http', '/', true],
    ['http://example.com:/a', 'example.com', 80, 'http', '/a', true],
    ['tcp://example.com:7', 'example.com', 7, 'tcp', '/', true],
    ['example.com/a/b?c=d#e', 'example.com', 443, 'https', '/a/b?c=d', false],
    ['http://example.com?q', 'example.com', 80, 'http', '/?q', true],
    ['http://a_b.example/x y"<>', 'a_b.example', 80, 'http', '/x%20y%22%3C%3E', true],
    ['http://example.com/路径%20a', 'example.com', 80, 'http', '/%E8%B7%AF%E5%BE%84%20a', true],
    ['localhost', 'localhost', 443, 'https', '/', false],
    ['例子.测试', 'xn--fsqu00a.xn--0zwm56d', 443, 'https', '/', false],
    ['例子。测试：８０８０', 'xn--fsqu00a.xn--0zwm56d', 8080, 'http', '/', true],
    ['bücher.example', 'xn--bcher-kva.example', 443, 'https', '/', false],
  ])('%s', (text, host, port, scheme, path, portGiven) => {
    expect(site(text)).toEqual({ host, port, scheme, path, portGiven, kind: 'name', zone: '' });
  });

  it.each([
    ['192.0.2.1', '192.0.2.1', 'ipv4', '', 443],
    ['192.0.2.1:80', '192.0.2.1', 'ipv4', '', 80],
    ['http://127.0.0.1:8080/', '127.0.0.1', 'ipv4', '', 8080],
    ['::1', '::1', 'ipv6', '', 443],
    ['[::1]', '::1', 'ipv6', '', 443],
    ['[::1]:80', '::1', 'ipv6', '', 80],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1', 'ipv6', '', 443],
    ['https://[2001:db8::1]:8443/x', '2001:db8::1', 'ipv6', '', 8443],
    ['fe80::1%eth0', 'fe80::1', 'ipv6', 'eth0', 443],
    ['[fe80::1%25wlan0.2]:22', 'fe80::1', 'ipv6', 'wlan0.2', 22],
    ['[::ffff:192.0.2.1]:80', '192.0.2.1', 'ipv4', '', 80],
  ])('%s is an address', (text, host, kind, zone, port) => {
    expect(site(text)).toMatchObject({ host, kind, zone, port });
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    [`${'a'.repeat(3000)}.com`, 'too-long'],
    ['ftp://example.com', 'scheme'],
    ['javascript://x', 'scheme'],
    ['user:secret@example.com', 'credentials'],
    ['https://user@example.com/', 'credentials'],
    ['http://', 'host'],
    ['http:///path', 'host'],
    ['.', 'host'],
    ['a..b', 'host'],
    ['a b', 'host'],
    ['a\tb', 'host'],
    ['a\u202eb.com', 'host'],
    ['a\u200db.com', 'host'],
    ['a\0b', 'host'],
    ['example.com or host', 'host'],
    ['exam(ple', 'host'],
    ['-f\\x', 'host'],
    ['／etc', 'host'],
    [`${'a'.repeat(64)}.com`, 'label-length'],
    [`${'é'.repeat(60)}.com`, 'label-length'],
    [`${'a'.repeat(50)}.`.repeat(6), 'label-length'],
    ['1.2.3', 'address'],
    ['1.2.3.256', 'address'],
    ['01.2.3.4', 'address'],
    ['0x7f.1', 'address'],
    ['4294967295', 'address'],
    ['[::1', 'address'],
    ['1::2::3', 'address'],
    ['[1.2.3.4]', 'address'],
    ['1:2:3:4:5:6:7', 'address'],
    ['1:2:3:4:5:6:7::8:9', 'address'],
    ['0.0.0.0', 'unusable'],
    ['::', 'unusable'],
    ['224.0.0.1', 'unusable'],
    ['255.255.255.255', 'unusable'],
    ['ff02::1', 'unusable'],
    ['fe80::1%eth0;ls', 'zone'],
    ['fe80::1%', 'zone'],
    ['example.com:0', 'port'],
    ['example.com:65536', 'port'],
    ['example.com:http', 'port'],
    ['example.com:-1', 'port'],
    ['tcp://example.com', 'port'],
  ])('%j is refused: %s', (text, code) => {
    expect(refusal(text)).toBe(code);
  });

  it('keeps a password out of what it says', () => {
    expect(JSON.stringify(parseSite('user:secret@example.com'))).not.toContain('secret');
  });

  it('whatever is typed, nothing but a name, an address and printable ASCII comes out', () => {
    const pieces = fc.constantFrom(
      'http://',
      'example',
      '.',
      ':',
      '80',
      '[',
      ']',
      '::1',
      '%',
      '/',
      '?',
      '#',
      '@',
      ' ',
      '\r\n',
      '\0',
      '例',
      '。',
      '１',
      '\ud800',
      '-',
      '..',
      'xn--',
      '%0d%0a',
    );
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const parsed = parseSite(typed);
        if (!parsed.ok) return;
        const { host, kind, path, port } = parsed.value;
        expect(path).toMatch(/^\/[!-~]*$/);
        expect(Number.isInteger(port) && port > 0 && port < 65_536).toBe(true);
        if (kind === 'name') expect(host).toMatch(/^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/);
        else expect(canonicalAddress(host)).toBe(host);
        expect(host.length).toBeLessThanOrEqual(253);
        // Understood once, it is understood the same way again.
        const again = parseSite(`tcp://${kind === 'ipv6' ? `[${host}]` : host}:${port}`);
        expect(again.ok && again.value.host).toBe(host);
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('names of other scripts', () => {
  // RFC 3492, section 7.1, (B) Chinese, (L) a mixture with digits; then what UTS #46 maps, keeps (ß, joiners) or
  // lowers.
  it.each([
    '他们为什么不说中文',
    '3年b组金八先生',
    'münchen',
    '例子',
    'пример',
    'δοκιμή',
    '😀x',
    'ليهمابتكلموشعربي',
    'STRASSE',
    'straße',
    'ΣΊΣΥΦΟΣ',
    'İstanbul',
    'क्‍ष',
    'ﬁsch',
  ])('%s', (label) => {
    expect(site(`${label}.example`).host).toBe(domainToASCII(`${label}.example`));
  });

  it.each(['a\u0628', '\u0301a', 'xn--a', 'xn--\u00e4', '\u200dx', '\u00ad'])(
    '%j, which no resolver takes, is refused',
    (label) => {
      expect(refusal(`${label}.example`)).toBe('host');
    },
  );

  // Of scripts that every version of Unicode has.
  it('any name is refused, or what Node makes of it', () => {
    const label = fc.array(
      fc.oneof(
        fc.integer({ min: 0x4e00, max: 0x9fa5 }),
        fc.integer({ min: 0xa1, max: 0x4ff }),
        fc.integer({ min: 0x61, max: 0x7a }),
      ),
      {
        minLength: 1,
        maxLength: 14,
      },
    );
    fc.assert(
      fc.property(
        label.map((points) => String.fromCodePoint(...points)),
        (text) => {
          const parsed = parseSite(`${text}.example`);
          const expected = domainToASCII(`${text}.example`);
          // What one version of Unicode refuses another may take.
          if (parsed.ok && expected !== '') expect(parsed.value.host).toBe(expected);
        },
      ),
      { numRuns: runs(500) },
    );
  });
});
