import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { PermissionAdvice, PermissionStep } from '../../shared/model/live.ts';
import type { CaptureTools } from './tools.ts';

const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`);

function groupExists(name: string): boolean {
  try {
    return readFileSync('/etc/group', 'utf8')
      .split('\n')
      .some((line) => line.startsWith(`${name}:`));
  } catch {
    return false;
  }
}

/** The group that may run the program although others may not; '' none. Wireshark's packages make one. */
function groupOf(path: string): string {
  try {
    const { gid, mode } = statSync(path);
    if ((mode & 0o001) !== 0) return '';
    const line = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .find((each) => each.split(':')[2] === String(gid));
    return line?.split(':')[0] ?? '';
  } catch {
    return '';
  }
}

function hasCapabilities(path: string): boolean {
  try {
    return /cap_net_raw/.test(
      execFileSync('getcap', [path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 3000 }),
    );
  } catch {
    return false;
  }
}

/** The package manager's command for a package of that name. */
function install(names: Readonly<Record<'apt' | 'dnf' | 'pacman' | 'zypper', string>>): string {
  const managers = [
    ['apt', '/usr/bin/apt-get', 'apt-get install'],
    ['dnf', '/usr/bin/dnf', 'dnf install'],
    ['pacman', '/usr/bin/pacman', 'pacman -S'],
    ['zypper', '/usr/bin/zypper', 'zypper install'],
  ] as const;
  const found = managers.find(([, path]) => existsSync(path)) ?? managers[0];
  return `sudo ${found[2]} ${names[found[0]]}`;
}

function onLinux(tools: CaptureTools, user: string): readonly PermissionStep[] {
  const steps: PermissionStep[] = [];
  const { dumpcap } = tools;
  const isDebian = existsSync('/usr/sbin/dpkg-reconfigure');
  if (dumpcap === null) {
    steps.push({
      kind: 'install-dumpcap',
      command: install({ apt: 'wireshark-common', dnf: 'wireshark-cli', pacman: 'wireshark-cli', zypper: 'wireshark' }),
      again: false,
    });
    if (isDebian)
      steps.push({ kind: 'dumpcap-reinstall', command: 'sudo dpkg-reconfigure wireshark-common', again: false });
    steps.push({ kind: 'dumpcap-group', command: `sudo usermod -a -G wireshark ${quoted(user)}`, again: true });
  } else {
    const group = groupOf(dumpcap);
    const capable = hasCapabilities(dumpcap);
    if (!capable && isDebian && dumpcap === '/usr/bin/dumpcap')
      steps.push({ kind: 'dumpcap-reinstall', command: 'sudo dpkg-reconfigure wireshark-common', again: false });
    else if (!capable)
      steps.push({
        kind: 'setcap-dumpcap',
        command: `sudo setcap cap_net_raw,cap_net_admin=eip ${quoted(dumpcap)}`,
        again: false,
      });
    const joins =
      group !== ''
        ? group
        : groupExists('wireshark') || steps.some((step) => step.kind === 'dumpcap-reinstall')
          ? 'wireshark'
          : '';
    if (joins !== '')
      steps.push({
        kind: 'dumpcap-group',
        command: `sudo usermod -a -G ${quoted(joins)} ${quoted(user)}`,
        again: true,
      });
  }
  if (tools.child === null && dumpcap === null)
    steps.push({
      kind: 'install-libpcap',
      command: install({
        apt: 'libpcap-dev g++ make',
        dnf: 'libpcap-devel gcc-c++ make',
        pacman: 'libpcap base-devel',
        zypper: 'libpcap-devel gcc-c++ make',
      }),
      again: false,
    });
  return steps;
}

/** What to do on this system so that capturing works without running the application as root. */
export function permissionAdvice(tools: CaptureTools): PermissionAdvice {
  const system = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
  const { username: user } = userInfo();
  const steps: readonly PermissionStep[] =
    system === 'linux'
      ? onLinux(tools, user)
      : system === 'darwin'
        ? [{ kind: 'chmodbpf', command: `sudo chgrp staff /dev/bpf* && sudo chmod g+rw /dev/bpf*`, again: false }]
        : [{ kind: 'npcap', command: '', again: false }];
  return {
    system,
    user,
    dumpcap: tools.dumpcap,
    capProblem: tools.childProblem,
    canAsk: tools.pkexec !== null && tools.dumpcap !== null,
    steps,
  };
}
