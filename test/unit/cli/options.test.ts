import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../electron/cli/options.ts';

const options = (...args: string[]) => {
  const command = parseArguments(args);
  if (command.kind !== 'read') throw new Error(JSON.stringify(command));
  return command.options;
};
const complaint = (...args: string[]) => {
  const command = parseArguments(args);
  if (command.kind !== 'wrong') throw new Error(JSON.stringify(command));
  return command.message;
};

describe('the command line', () => {
  it('reads letters with their values apart or attached', () => {
    expect(options('-r', 'a.pcap', '-c', '5').maxPackets).toBe(5);
    expect(options('-ra.pcap', '-c5')).toMatchObject({ file: 'a.pcap', maxPackets: 5 });
  });

  it('takes megabytes that may be unpacked', () => {
    expect(options('-r', 'x').unpackLimit).toBe(0);
    expect(options('-r', 'x', '--unpack-limit', '2000').unpackLimit).toBe(2000 * 1024 * 1024);
    expect(options('--unpack-limit=1', '-r', 'x').unpackLimit).toBe(1024 * 1024);
    for (const value of ['0', '-1', '1.5', 'x'])
      expect(complaint('-r', 'x', `--unpack-limit=${value}`)).toContain(`--unpack-limit wants a number`);
    expect(complaint('-r', 'x', '--unpack-limit')).toContain('not nothing');
  });

  it('takes switches together', () => {
    expect(options('-nqr', 'x').file).toBe('x');
    expect(options('-nq', '-r', 'x').quiet).toBe(true);
    expect(options('-nV', '-r', 'x').verbose).toBe(true);
  });

  it('takes letters and values together, in the order in which they stand', () => {
    expect(options('-nqrx.pcap', '-c5')).toMatchObject({ file: 'x.pcap', quiet: true, maxPackets: 5 });
    expect(options('-2Vr', 'x', '-Tfields', '-eb', '-e', 'a', '-ec')).toMatchObject({
      file: 'x',
      twoPasses: true,
      verbose: true,
      fields: ['b', 'a', 'c'],
    });
    // The next argument is the value, whatever it begins with.
    expect(options('-r', '-', '-Y', '-1 < ip.ttl')).toMatchObject({ file: '-', filter: '-1 < ip.ttl' });
    expect(options('-r', 'x', '-otcp.relative_sequence_numbers:FALSE').relativeNumbers).toBe(false);
    expect(options('-r', 'x', '-o', 'tcp.relative_sequence_numbers: true').relativeNumbers).toBe(true);
    expect(options('-r', 'x', '-r=y').file).toBe('=y');
  });

  it('says what is no option, and what lacks its value', () => {
    expect(complaint('-r', 'x', '-Z')).toBe('-Z is not an option; see --help');
    expect(complaint('-r', 'x', '-nZ')).toBe('-Z is not an option; see --help');
    expect(complaint('--r', 'x')).toBe('--r is not an option; see --help');
    expect(complaint('--nothing')).toBe('--nothing is not an option; see --help');
    expect(complaint('-r', 'x', '--')).toBe('-- is not an option; see --help');
    expect(complaint('x.pcap')).toBe('say -r x.pcap to read that file');
    expect(complaint('-r')).toBe('-r wants a value');
    expect(complaint('-r', 'x', '-nc')).toBe('-c wants a value');
    expect(complaint('-r', 'x', '-t', 'ad')).toContain('-t');
  });

  it('knows the forms of -E', () => {
    const { format } = options(
      '-r',
      'x',
      '-T',
      'fields',
      '-e',
      'frame.number',
      '-E',
      'separator=/s',
      '-E',
      'occurrence=l',
      '-E',
      'aggregator=;',
      '-E',
      'header=y',
      '-E',
      'quote=d',
    );
    expect(format).toEqual({ separator: ' ', occurrence: 'l', aggregator: ';', header: true, quote: '"', bom: false });
    expect(options('-r', 'x', '-T', 'fields', '-e', 'frame.number').format.separator).toBe('\t');
    expect(options('-r', 'x', '-T', 'fields', '-e', 'a', '-E', 'separator=/t').format.separator).toBe('\t');
    expect(complaint('-r', 'x', '-E', 'occurrence=x')).toContain('occurrence=f|l|a');
    expect(complaint('-r', 'x', '-E', 'colour=red')).toContain('colour=red');
  });

  it('knows the statistics', () => {
    expect(options('-r', 'x', '-q', '-z', 'conv,tcp', '-z', 'handshakes').statistics).toEqual([
      { kind: 'conversations', type: 'tcp' },
      { kind: 'handshakes' },
    ]);
    expect(options('-r', 'x', '-q', '-z', 'ladder,tcp,12').statistics).toEqual([{ kind: 'ladder', stream: 12 }]);
    expect(complaint('-r', 'x', '-z', 'io,phs')).toContain('conv,tcp');
    for (const wrong of ['ladder', 'ladder,tcp', 'ladder,udp,1', 'ladder,tcp,-1', 'ladder,tcp,x'])
      expect(complaint('-r', 'x', '-z', wrong)).toContain('ladder,tcp,N');
  });

  it('knows how to capture', () => {
    const capture = (...args: string[]) => {
      const command = parseArguments(args);
      if (command.kind !== 'capture') throw new Error(JSON.stringify(command));
      return command.capture;
    };
    expect(capture('-i', 'lo')).toMatchObject({
      capture: { devices: ['lo'], filter: '', promiscuous: true, snapLength: 262_144, bufferMiB: 32 },
      file: '',
      ring: null,
      prints: true,
    });
    expect(capture('-p', '-s', '96', '-B4', '-f', 'tcp port 80', '-i', 'a', '-i', 'b').capture).toEqual({
      devices: ['a', 'b'],
      filter: 'tcp port 80',
      promiscuous: false,
      snapLength: 96,
      bufferMiB: 4,
    });
    expect(capture('-i', 'lo', '-s', '0').capture.snapLength).toBe(262_144);
    expect(capture('-i', 'lo', '-w', 'x')).toMatchObject({ file: 'x', prints: false });
    expect(capture('-i', 'lo', '-w', 'x', '-P').prints).toBe(true);
    expect(capture('-i', 'lo', '-c', '9', '-a', 'packets:5', '-a', 'duration:1.5').stop).toMatchObject({
      packets: 5,
      seconds: 1.5,
    });
    expect(capture('-i', 'lo', '-w', 'x', '-b', 'filesize:10', '-b', 'files:3').ring).toMatchObject({
      bytes: 10_000,
      files: 3,
    });
    expect(parseArguments(['-D'])).toEqual({ kind: 'devices' });
  });

  it.each([
    [['-f', 'tcp'], '-i INTERFACE'],
    [['-i', 'a', '-i', 'a'], 'twice'],
    [['-i', 'a', '-i', '-'], '-i -'],
    [['-i', 'a', '-f', 'tcp', '-i', 'b'], 'before the first -i'],
    [['-i', 'a', '-s', '5'], '-s'],
    [['-i', 'a', '-B', 'x'], '-B'],
    [['-i', 'a', '-a', 'duration:x'], '-a duration:x'],
    [['-i', 'a', '-a', 'packets:1.5'], '-a packets:1.5'],
    [['-i', 'a', '-a', 'filesize:9'], '-w FILE'],
    [['-i', 'a', '-a', 'files:3', '-w', 'x'], '-b'],
    [['-i', 'a', '-b', 'packets:3'], '-w FILE'],
    [['-i', 'a', '-b', 'files:3', '-w', 'x'], '-b files:N'],
    [['-i', 'a', '-w', '-', '-P'], '-w -'],
    [[], '-r FILE'],
    [['capture.pcap'], '-r capture.pcap'],
    [['-r'], '-r wants a value'],
    [['-r', 'x', '-c', '0'], 'above 0'],
    [['-r', 'x', '-c', 'many'], 'many'],
    [['-r', 'x', '-T', 'pdml'], 'pdml'],
    [['-r', 'x', '-T', 'fields'], '-e FIELD'],
    [['-r', 'x', '-e', 'tcp.port'], '-T fields'],
    [['-r', 'x', '-Y'], '-Y'],
    [['-i', 'eth0', '-r', 'x'], '-i'],
    [['-r', 'x', '-w', 'y'], '-w'],
    [['-r', 'x', '-k'], '-k'],
  ])('%j is answered by one sentence', (args, part) => {
    const message = complaint(...(args as string[]));
    expect(message).toContain(part);
    expect(message).not.toContain('\n');
  });

  it('shows help and version', () => {
    expect(parseArguments(['--help']).kind).toBe('help');
    expect(parseArguments(['-r', 'x', '-v']).kind).toBe('version');
  });
});
