import type { SaveChoice, SaveProgress } from '../model/annotations.ts';
import type { CaptureInfo, CaptureProgress, OpenError } from '../model/capture.ts';
import type { DecodeAsRule, Decoded } from '../model/decode-as.ts';
import type { FilterProgress } from '../model/filter.ts';
import type { FindCount } from '../model/find.ts';
import type { ListSettings } from '../model/list-settings.ts';
import type {
  CaptureProblem,
  DeviceList,
  LiveCounts,
  LiveEnd,
  LiveHandshake,
  LiveOrder,
  PermissionAdvice,
} from '../model/live.ts';
import type { SortProgress } from '../model/packet.ts';
import type { Result } from '../model/result.ts';
import type { PacketRequests } from './contract.ts';

/** Facts for a recent file's one-line summary. */
export interface CaptureFacts {
  readonly packets: number;
  readonly tcpStreams: number;
  readonly refused: number;
  readonly incomplete: number;
}

/** A file was written. */
export interface SaveDone {
  /** Packets whose comments could not be written. */
  readonly notWritten: number;
}

/**
 * Main process to its decoding thread, answered: what the page asks of packets, and what the main process asks by
 * itself.
 */
export interface WorkerRequests extends PacketRequests {
  /**
   * Reads a small capture aside, through everything that an opened one needs: what is compiled and cached then makes
   * the first real page quick.
   */
  warmUp: (path: string) => void;
  /** @param notesFolder where notes about captures are kept; '' nowhere */
  open: (captureId: number, path: string, notesFolder: string) => Result<CaptureInfo, OpenError>;
  close: () => void;
  /** How packets are shown from now on. */
  preferences: (relativeNumbers: boolean, list: ListSettings) => void;
  /** What the user chose to be decoded otherwise, for the open capture and those after it: see `capture:decoded`. */
  decodeAs: (rules: readonly DecodeAsRule[]) => void;
  /** Writes to `path`. Where that is the open file itself, the capture is closed, done or not. Null: cancelled. */
  save: (captureId: number, path: string, choice: SaveChoice) => Result<SaveDone, string> | null;
  facts: (captureId: number) => CaptureFacts | null;
  /** @param script the bundled capture child */
  startLive: (captureId: number, order: LiveOrder, script: string) => Result<CaptureInfo, CaptureProblem>;
  stopLive: (captureId: number) => void;
  /** Process that captures, for tests; null none. */
  livePid: () => number | null;
  /** The stream of a connection between two ports, the latest where there are several; -1 none yet. */
  streamOfPorts: (captureId: number, client: number, server: number) => number;
  captureDevices: (script: string) => DeviceList;
  checkCaptureFilter: (script: string, filter: string) => string | null;
  permissionAdvice: (script: string) => PermissionAdvice;
}
export type WorkerRequestName = keyof WorkerRequests;
export type WorkerArgs<N extends WorkerRequestName> = Parameters<WorkerRequests[N]>;
export type WorkerAnswer<N extends WorkerRequestName> = ReturnType<WorkerRequests[N]>;
/** Who answers them: at once, or later. */
export type WorkerHandlers = {
  readonly [N in WorkerRequestName]: (...args: WorkerArgs<N>) => WorkerAnswer<N> | Promise<WorkerAnswer<N>>;
};

/** What the worker tells unasked. */
export interface WorkerEvents {
  'capture:progress': CaptureProgress;
  'capture:decoded': Decoded;
  'filter:progress': FilterProgress;
  'filter:counted': FilterProgress;
  'rows:sorted': SortProgress;
  /** More addresses have names: what is shown may look otherwise. With the id of the capture. */
  'rows:named': number;
  'find:counted': FindCount;
  'capture:saving': SaveProgress;
  'live:counts': LiveCounts;
  'live:ended': LiveEnd;
  'live:handshake': LiveHandshake;
}
export type Emit = <N extends keyof WorkerEvents>(name: N, value: WorkerEvents[N]) => void;

export type ToWorker = {
  readonly [N in WorkerRequestName]: { readonly id: number; readonly name: N; readonly args: WorkerArgs<N> };
}[WorkerRequestName];
export type FromWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | {
      readonly [N in keyof WorkerEvents]: { readonly kind: 'event'; readonly name: N; readonly value: WorkerEvents[N] };
    }[keyof WorkerEvents];
