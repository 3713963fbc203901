/** Live capture, as plain data: devices, what to capture, what went wrong. */
import * as v from 'valibot';
import type { CaptureInfo } from './capture.ts';
import type { NetProblem } from './net-step.ts';
import { allDifferent, between, exact, listOf, notEmpty, text } from './schema.ts';
import { maxSiteText, type SiteProblem } from './site.ts';

export type DeviceKind = 'wired' | 'wireless' | 'loopback' | 'virtual' | 'any' | 'other';

/** A network interface that packets can be captured on. */
export interface CaptureDevice {
  /** As the system names it. */
  readonly name: string;
  /** The system's description, '' none. */
  readonly description: string;
  /** IPv4 and IPv6 addresses as text. */
  readonly addresses: readonly string[];
  readonly up: boolean;
  readonly kind: DeviceKind;
}

/**
 * Which program captures: `cap` in a process of ours, or Wireshark's `dumpcap`, which may have rights that ours has
 * not; `pkexec`: dumpcap, with rights the user was asked for; `pipe`: another program, which writes to a pipe.
 */
export type CaptureMeans = 'cap' | 'dumpcap' | 'pkexec' | 'pipe';

export const captureProblemCodes = [
  /** The system does not let this user open the device. */
  'not-permitted',
  'no-device',
  /** The device went away while packets were captured. */
  'device-gone',
  'device-down',
  'bad-filter',
  /** Neither libpcap with a built `cap`, nor dumpcap. */
  'no-means',
  'disk-full',
  /** What captured was ended from outside. */
  'killed',
  /** The user was asked for rights and declined. */
  'declined',
  'failed',
] as const;
export type CaptureProblemCode = (typeof captureProblemCodes)[number];

export interface CaptureProblem {
  readonly code: CaptureProblemCode;
  /** The system's own words, '' none. */
  readonly detail: string;
}

export const maxDevices = 32;
export const maxCaptureFilter = 8192;
export const snapLengths = { least: 68, most: 262_144 } as const;
export const bufferSizes = { least: 1, most: 1024 } as const;

export const captureOptionEntries = {
  /** At least one. */
  devices: v.pipe(
    listOf(maxDevices, notEmpty(256), 1),
    allDifferent((name) => name),
  ),
  /** As libpcap reads it; '' everything. */
  filter: text(maxCaptureFilter),
  promiscuous: v.boolean(),
  /** Bytes kept of each packet. */
  snapLength: between(snapLengths.least, snapLengths.most),
  /** The kernel's buffer per device. */
  bufferMiB: between(bufferSizes.least, bufferSizes.most),
};
const captureOptions = exact(captureOptionEntries);
export type CaptureOptions = v.InferOutput<typeof captureOptions>;

export const defaultCaptureOptions: CaptureOptions = {
  devices: [],
  filter: '',
  promiscuous: true,
  snapLength: snapLengths.most,
  bufferMiB: 32,
};

/** Since the capture began, over all devices. */
export interface CaptureCounts {
  /** Packets that passed the filter, those dropped included where the system counts so. */
  readonly received: number;
  /** By the kernel, for want of room in its buffer. */
  readonly droppedByKernel: number;
  /** By the device or its driver. */
  readonly droppedByInterface: number;
}

export interface DeviceList {
  readonly devices: readonly CaptureDevice[];
  /** Null: nothing here can capture. */
  readonly means: CaptureMeans | null;
  readonly problem: CaptureProblem | null;
}

/** Packets and bytes that a device has sent and received since the system started. */
export interface DeviceTraffic {
  readonly name: string;
  readonly packets: number;
  readonly bytes: number;
}

const limit = v.nullable(between(1, Number.MAX_SAFE_INTEGER));
const aYearOfSeconds = 31_536_000;

/** When a capture ends by itself; null: not for that reason. At least so much was captured then. */
const captureLimits = exact({ packets: limit, bytes: limit, seconds: v.nullable(between(1, aYearOfSeconds)) });
export type CaptureLimits = v.InferOutput<typeof captureLimits>;
export const noLimits: CaptureLimits = { packets: null, bytes: null, seconds: null };

/** Packets are written to a series of files besides, of which the newest stay. */
const captureSeries = v.pipe(
  exact({
    /** A file's size and time after which the next one begins; null: not for that reason. One of them is given. */
    bytes: limit,
    seconds: v.nullable(between(1, aYearOfSeconds)),
    /** How many files are kept; null all. */
    files: v.nullable(between(1, 100_000)),
  }),
  v.check(({ bytes, seconds }) => bytes !== null || seconds !== null),
);

/** What the user chose in the capture options. */
export const captureRequest = exact({
  options: captureOptions,
  limits: captureLimits,
  /** Where it lies is asked for by the main process; null none. */
  series: v.nullable(captureSeries),
});
export type CaptureRequest = v.InferOutput<typeof captureRequest>;

/** What the decoding thread is told to capture. */
export interface LiveOrder extends CaptureRequest {
  /** The user may be asked for the rights it takes. */
  readonly asking: boolean;
  /** File that packets are written to as they arrive; it must not exist. */
  readonly spool: string;
  /** First name of the series' files; '' none. */
  readonly seriesFile: string;
  /** FIFO to read in place of devices; '' none. */
  readonly pipe: string;
  /** What the window calls it. */
  readonly name: string;
  /** It can be made again at any time: nobody is asked before it is given up. */
  readonly disposable: boolean;
  /** The first connection that opens is told of. */
  readonly watches: boolean;
}

/** Sent about once a second while packets are captured. */
export interface LiveCounts extends CaptureCounts {
  readonly captureId: number;
  /** Bytes of the file that were written so far. */
  readonly bytes: number;
  /** Packets in the last second. */
  readonly rate: number;
}

export interface LiveEnd {
  readonly captureId: number;
  readonly packets: number;
  /** Null: it was told to stop, or a limit was reached. */
  readonly problem: CaptureProblem | null;
}

/** A connection of the capture opened with three segments. */
export interface LiveHandshake {
  readonly captureId: number;
  readonly stream: number;
}

/** Packets of an earlier run that nobody saved. */
export interface Unsaved {
  /** File name within the folder of such captures. */
  readonly name: string;
  /** Milliseconds since 1970 at which it was written to last. */
  readonly changedAt: number;
  readonly sizeBytes: number;
}

/** Why capturing is not permitted, and what can be done here. Steps are in the order in which they are best tried. */
export interface PermissionAdvice {
  readonly system: 'linux' | 'darwin' | 'win32';
  /** User who runs the application. */
  readonly user: string;
  readonly dumpcap: string | null;
  /** Why `cap` could not be loaded; '' where it is there. */
  readonly capProblem: string;
  /** The system can ask for the rights right now. */
  readonly canAsk: boolean;
  readonly steps: readonly PermissionStep[];
}

/** `live.permission.step.<kind>` says what it does. */
export type PermissionStepKind =
  | 'dumpcap-group'
  | 'dumpcap-reinstall'
  | 'install-dumpcap'
  | 'setcap-dumpcap'
  | 'install-libpcap'
  | 'chmodbpf'
  | 'npcap';
export interface PermissionStep {
  readonly kind: PermissionStepKind;
  /** To be typed in a terminal; '' where there is nothing to type. */
  readonly command: string;
  /** The user must log out and in again, or restart. */
  readonly again: boolean;
}

/** "Capture one site" and the lab: why it went no further. */
export type LiveProblem =
  | { readonly kind: 'capture'; readonly problem: CaptureProblem }
  | { readonly kind: 'site'; readonly problem: SiteProblem }
  | { readonly kind: 'net'; readonly problem: NetProblem };

export const siteRequest = exact({
  /** As it was typed. */
  text: text(maxSiteText),
  dns: v.boolean(),
  icmp: v.boolean(),
  /** Makes a connection once the capture runs; `off`: the user does. */
  connect: v.picklist(['off', 'none', 'head', 'get']),
  verify: v.boolean(),
});
export type SiteRequest = v.InferOutput<typeof siteRequest>;

/** What is captured for one site, or for the lab. */
export interface LiveTarget {
  readonly info: CaptureInfo;
  readonly device: string;
  /** As it was given to libpcap. */
  readonly filter: string;
  readonly addresses: readonly string[];
  /** Addresses of the name that are not in the filter. */
  readonly leftOut: number;
  /** No port was typed: those of the web are captured. */
  readonly bothPorts: boolean;
}
