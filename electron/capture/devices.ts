import { existsSync } from 'node:fs';
import type { CaptureDevice, DeviceKind, DeviceList } from '../../shared/model/live.ts';
import { DeviceFlag, type ListedDevice } from './child-contract.ts';
import { ask, type CaptureTools, listWithChild } from './tools.ts';

/** What libpcap lists beside network interfaces. */
const special =
  /^(nflog|nfqueue|bluetooth|bluetooth-monitor|usbmon\d*|dbus-.*|sdjournal|ciscodump|randpkt|sshdump|udpdump|wifidump|dpauxmon)$/;
const virtual =
  /^(veth|docker|br-|virbr|tun|tap|wg|vmnet|vboxnet|utun|awdl|llw|bridge|ifb|dummy|cni|flannel|cali|zt|tailscale)/;

/** Network interfaces first, the machine's own before virtual ones; by name within. */
const order: readonly DeviceKind[] = ['wired', 'wireless', 'loopback', 'virtual', 'any', 'other'];

/** @param asListed in the system's order, which numbers them for `-D` and `-i`; else the most useful first */
export async function listDevices(tools: CaptureTools, asListed = false): Promise<DeviceList> {
  const listed =
    (tools.child === null ? null : await listWithChild(tools.child)) ??
    (tools.dumpcap === null ? null : await listWithDumpcap(tools.dumpcap));
  if (listed === null) return { devices: [], means: null, problem: { code: 'no-means', detail: tools.childProblem } };
  const devices = listed.map(deviceOf);
  if (!asListed)
    devices.sort(
      (a, b) =>
        order.indexOf(a.kind) - order.indexOf(b.kind) || Number(b.up) - Number(a.up) || a.name.localeCompare(b.name),
    );
  return { devices, means: tools.child !== null ? 'cap' : 'dumpcap', problem: null };
}

function deviceOf({ name, description, addresses, flags }: ListedDevice): CaptureDevice {
  return { name, description, addresses, up: (flags & DeviceFlag.Up) !== 0, kind: kindOf(name, description, flags) };
}

function kindOf(name: string, description: string, flags: number): DeviceKind {
  if (name === 'any') return 'any';
  if ((flags & DeviceFlag.Loopback) !== 0 || /loopback/i.test(description)) return 'loopback';
  if (special.test(name)) return 'other';
  if (
    (flags & DeviceFlag.Wireless) !== 0 ||
    existsSync(`/sys/class/net/${name}/wireless`) ||
    /wi-?fi|wireless/i.test(description)
  )
    return 'wireless';
  if (virtual.test(name)) return 'virtual';
  if (process.platform === 'linux' && !/[/\0]/.test(name) && existsSync(`/sys/class/net/${name}`))
    return existsSync(`/sys/class/net/${name}/device`) ? 'wired' : 'virtual';
  return /virtual|vpn|hyper-v|vmware|virtualbox/i.test(description) ? 'virtual' : 'wired';
}

/**
 * `dumpcap -D -M`: per line number, name, vendor, friendly name, type, addresses, kind, separated by tabs. Whether a
 * device is up it does not say.
 */
async function listWithDumpcap(dumpcap: string): Promise<readonly ListedDevice[] | null> {
  const { code, out } = await ask(dumpcap, ['-D', '-M']);
  if (code !== 0) return null;
  return out.split('\n').flatMap((line): readonly ListedDevice[] => {
    const match = /^\d+\. (.*)$/.exec(line.trimEnd());
    if (match === null) return [];
    const [name, vendor = '', friendly = '', , addresses = '', kind = ''] = match[1].split('\t');
    const list = addresses.split(',').filter((address) => address !== '');
    return [
      {
        name,
        description: friendly || vendor,
        addresses: list,
        flags:
          (kind === 'loopback' ? DeviceFlag.Loopback : 0) | (list.length > 0 || name === 'any' ? DeviceFlag.Up : 0),
      },
    ];
  });
}
