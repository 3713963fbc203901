/** `-d`: what is said was compared with tshark 4.0, run on the same arguments. */
import { describe, expect, it } from 'vitest';
import { readDecodeAs } from '../../../electron/cli/decode-as-option.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';

const registry = createRegistry(protocols);
const rules = (text: string) => {
  const read = readDecodeAs(text, registry);
  return 'rules' in read ? read.rules.map(({ table, key, protocol }) => `${table} ${key} ${protocol}`) : read.said;
};
const template = (text: string): string =>
  `Parameter "${text}" doesn't follow the template "<layer_type>==<selector>,<decode_as_protocol>"`;
const validPorts = 'Valid protocols for layer type "tcp.port" are:';

describe('what is understood', () => {
  it.each([
    ['tcp.port==8888,http', ['tcp.port 8888 http']],
    [' tcp.port==80, http', ['tcp.port 80 http']],
    ['tcp.port==0x50,data', ['tcp.port 80 data']],
    ['tcp.port==0120,data', ['tcp.port 80 data']],
    ['tcp.port==8888-8890,http', ['tcp.port 8888 http', 'tcp.port 8889 http', 'tcp.port 8890 http']],
    ['tcp.port==8888:2,http', ['tcp.port 8888 http', 'tcp.port 8889 http']],
    ['ethertype==0x800,arp', ['ethertype 2048 arp']],
    ['ip.proto==6,udp', ['ip.proto 6 udp']],
    ['udp.port==70000,dns', ['udp.port 70000 dns']],
    ['media_type==x/y,json', ['media_type x/y json']],
  ] as const)('%s', (text, expected) => {
    expect(rules(text)).toEqual(expected);
  });

  it('one equals sign, with a warning', () => {
    expect(readDecodeAs('tcp.port=8888,http', registry)).toEqual({
      rules: [{ table: 'tcp.port', key: 8888, protocol: 'http' }],
      warning: 'WARNING: -d requires "==" instead of "=". Option will be treated as "tcp.port==8888,http"',
    });
  });

  it('a range that reaches behind all ports ends there', () => {
    expect(rules('tcp.port==65534-4294967295,http')).toEqual(['tcp.port 65534 http', 'tcp.port 65535 http']);
  });
});

describe('what is not', () => {
  it.each([
    ['tcp.port==8888', [template('tcp.port==8888'), validPorts]],
    ['tcp.port==8888,', ['No protocol name specified', validPorts]],
    ['tcp.port==8888,htp', ['Unknown protocol -- "htp"', validPorts]],
    ['tcp.port==80,HTTP', ['Unknown protocol -- "HTTP"', validPorts]],
    ['tcp.port==80,ip', [`Protocol "ip" isn't valid for layer type "tcp.port"`, validPorts]],
    ['tcp.prt==8888,http', ['Unknown layer type -- tcp.prt', 'Valid layer types are:']],
    ['bogus,http', ['Unknown layer type -- bogus', 'Valid layer types are:']],
    ['.', [template('.'), 'Unknown layer type -- .', 'Valid layer types are:']],
    ['', [template(''), 'No layer type specified', 'Valid layer types are:']],
    ['==80,http', ['No layer type specified', 'Valid layer types are:']],
    ['tcp.port', [template('tcp.port')]],
    ['tcp.port==abc,http', ['Invalid selector number "abc"']],
    ['tcp.port==,http', ['Invalid selector number ""']],
    ['tcp.port==-80,data', ['Invalid selector number "-80"']],
    ['tcp.port==80x,data', ['Invalid selector number "80x"']],
    ['tcp.port==4294967296,data', ['Invalid selector number "4294967296"']],
    ['tcp.port===80,http', ['Invalid selector number "=80"']],
    ['tcp.port==80 ,http', ['Invalid selector number "80 "']],
    ['tcp.port==1-2-3,http', ['Invalid selector numeric range "1-2-3"']],
    ['tcp.port==8890-8888,http', ['Invalid selector numeric range "8890-8888"']],
    ['tcp.port==1:0,http', ['Invalid selector numeric range "1:0"']],
    ['tcp.port==80-,data', ['Invalid selector numeric range "80-"']],
    ['tcp.port==80-90:3,http', ['Invalid selector numeric range "80-90:3"']],
    [
      'tls.alpn==h2,data',
      ['Protocol "data" isn\'t valid for layer type "tls.alpn"', 'Valid protocols for layer type "tls.alpn" are:'],
    ],
  ] as const)('%s', (text, expected) => {
    expect(rules(text)).toEqual(expected);
  });

  it('tells what could be named, and no table that leaves nothing to choose', () => {
    const listed = (text: string): readonly string[] => {
      const read = readDecodeAs(text, registry);
      return 'listed' in read ? read.listed : [];
    };
    expect(listed('tcp.prt==1,x')).toContain('tcp.port (TCP port)');
    expect(listed('tcp.prt==1,x').filter((line) => /^(link|llc|ppp|mpls) /.test(line))).toEqual([]);
    expect(listed('tcp.port==1,x')).toEqual([
      'data (Data)',
      'dns (Domain Name System)',
      'http (Hypertext Transfer Protocol)',
      'mqtt (MQ Telemetry Transport Protocol)',
      'tls (Transport Layer Security)',
    ]);
  });
});
