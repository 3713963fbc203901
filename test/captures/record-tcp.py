#!/usr/bin/env python3
"""
Records test/captures/*.pcapng and writes test/captures/tcp.json and the table in README.md: real connections between two Linux kernels (two network namespaces), led into every
variant of opening and closing by what the programs do and by what the bridge between them drops, delays and swaps.

  sudo python3 test/captures/record-tcp.py [--list] [SCENARIO…]

Needs root, Linux, ip and ss (Debian: iproute2) and ethtool. Leaves nothing behind but the files.
"""
import json
import os
import pathlib
import shutil
import signal
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here))
sys.dont_write_bytecode = True

# Their scenarios register themselves.
from lab import closing, opening, transfer  # noqa: E402,F401
from lab.network import Lab  # noqa: E402
from lab.scenario import scenarios  # noqa: E402

manifest_path = here / 'tcp.json'
readme_path = here / 'README.md'
table_start, table_end = '<!-- written by record-tcp.py -->', '<!-- end -->'
# A file stays small enough to read by eye; a scenario ends, whatever its programs wait for.
limit = 30_000
patience = 60


def entry(name, file, version):
    return {
        'file': f'{name}.pcapng',
        'did': file.did,
        'where': file.where,
        # The sides whose segments a kernel made; the other side's were made by the scenario.
        'kernelSides': list(file.kernel),
        'kernel': version,
        'streams': [
            {'open': s.open, 'close': s.close, 'initiator': s.initiator, 'clientPort': s.client, 'completeness': s.completeness} for s in file.streams
        ],
    }


def too_long(*_):
    raise RuntimeError(f'not done after {patience} s')


def play(name, run, files, options):
    lab = Lab(**options)
    try:
        signal.alarm(patience)
        run(lab)
        lab.settle()
    finally:
        signal.alarm(0)
        lab.close()
    made = {recording.name: recording for recording in lab.recordings}
    if set(made) != set(files):
        raise RuntimeError(f'{name} recorded {sorted(made)}, its files are {sorted(files)}')
    for file, recording in made.items():
        path = here / f'{file}.pcapng'
        recording.write(path, f'Handshark test capture, recorded at the {files[file].where}. {files[file].did}')
        size = path.stat().st_size
        print(f'{file}.pcapng: {len(recording.packets)} packets, {size} bytes', flush=True)
        if size > limit or not recording.packets:
            raise RuntimeError(f'{file} has {size} bytes')


def in_order(known):
    names = [f'{file}.pcapng' for _, _, files, _ in scenarios for file in files]
    return [known[name] for name in names if name in known]


def write_manifest(known):
    lines = ',\n'.join(f'  {json.dumps(one, ensure_ascii=False)}' for one in in_order(known))
    manifest_path.write_text(f'[\n{lines}\n]\n', encoding='utf-8')


def write_table(known):
    """The table of the README, between its two marks."""
    rows = ['| file | captured at | what was done | opens as | closes as |', '|---|---|---|---|---|']
    for one in in_order(known):
        opens, closes = ('; '.join(' '.join(stream[what]) or '–' for stream in one['streams']) for what in ('open', 'close'))
        scripted = [side for side in ('client', 'server') if side not in one['kernelSides']]
        note = f' ({" and ".join(scripted)}: script)' if scripted else ''
        rows.append(f"| {one['file'].removesuffix('.pcapng')} | {one['where']} | {one['did']}{note} | {opens} | {closes} |")
    text = readme_path.read_text(encoding='utf-8')
    before, rest = text.split(table_start)
    after = rest.split(table_end)[1]
    table = '\n'.join(rows)
    readme_path.write_text(f'{before}{table_start}\n{table}\n{table_end}{after}', encoding='utf-8')


def main(names):
    if names == ['--list']:
        print('\n'.join(name for name, *_ in scenarios))
        return
    missing = [tool for tool in ('ip', 'ss', 'ethtool') if shutil.which(tool) is None]
    if missing:
        sys.exit(f'{", ".join(missing)} missing: apt-get install iproute2 ethtool')
    if os.geteuid() != 0:
        sys.exit('needs root, for network namespaces')
    unknown = set(names) - {name for name, *_ in scenarios}
    if unknown:
        sys.exit(f'no such scenario: {", ".join(sorted(unknown))}')
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit('stopped'))
    version = '.'.join(os.uname().release.split('.')[:2])
    known = {one['file']: one for one in json.loads(manifest_path.read_text(encoding='utf-8'))} if manifest_path.exists() else {}
    failed = []
    for name, run, files, options in scenarios:
        if names and name not in names:
            continue
        try:
            play(name, run, files, options)
            for file, what in files.items():
                known[f'{file}.pcapng'] = entry(file, what, version)
        except (OSError, RuntimeError) as error:
            failed.append(name)
            print(f'{name}: {error}', file=sys.stderr)
    write_manifest(known)
    write_table(known)
    if failed:
        sys.exit(f'failed: {", ".join(failed)}')


main(sys.argv[1:])
