import { describe, expect, it } from 'vitest';
import { fileArgument } from '../../../electron/main/file-argument.ts';

const app = '/opt/Handshark/resources/app.asar';

describe('the file that the program is started with', () => {
  it('is found among options, from where the user stood', () => {
    expect(fileArgument(['handshark', '--no-sandbox', 'a.pcap'], '/home/li', app)).toBe('/home/li/a.pcap');
    expect(fileArgument(['handshark', '/tmp/b.pcap', '--log-level=3'], '/home/li', app)).toBe('/tmp/b.pcap');
  });
  it('is not the application itself', () => {
    expect(fileArgument(['electron', app], '/', app)).toBeNull();
    expect(fileArgument(['electron', '.', 'c.pcap'], '/work', '/work')).toBe('/work/c.pcap');
  });
  it('may be a URL, as desktops give it', () => {
    expect(fileArgument(['handshark', 'file:///home/li/%E6%8A%93%E5%8C%85%201.pcapng'], '/', app)).toBe(
      '/home/li/抓包 1.pcapng',
    );
  });
  it('is none where the URL names no file of this machine, or is broken', () => {
    for (const url of ['file://elsewhere/a.pcap', 'file:///a%2Fb.pcap', 'file:///%E0%A4'])
      expect(fileArgument(['handshark', url], '/', app)).toBeNull();
  });
  it('is none where nothing was given', () => {
    expect(fileArgument(['handshark'], '/', app)).toBeNull();
    expect(fileArgument(['handshark', '', '--flag'], '/', app)).toBeNull();
  });
});
