/**
 * What the capture child is asked by its only argument, and what it tells as lines of JSON on its error output. Its
 * output is a pcapng file.
 */
import * as v from 'valibot';
import { captureOptionEntries, captureProblemCodes, maxCaptureFilter } from '../../shared/model/live.ts';
import { count, readJson, text } from '../../shared/model/schema.ts';

const childOrder = v.variant('do', [
  /** Answers with the devices, as JSON on its output. */
  v.object({ do: v.literal('list') }),
  /** Answers null or what libpcap says is wrong. `linkType` is a DLT_ number. */
  v.object({ do: v.literal('check'), linkType: count(0xffff), filter: text(maxCaptureFilter) }),
  /** Captures until its input ends or it is told to stop. */
  v.object({ do: v.literal('capture'), ...captureOptionEntries }),
]);
export type ChildOrder = v.InferOutput<typeof childOrder>;

/** libpcap's PCAP_IF_ bits. */
export const DeviceFlag = { Loopback: 1, Up: 2, Running: 4, Wireless: 8 } as const;

export interface ListedDevice {
  readonly name: string;
  readonly description: string;
  readonly addresses: readonly string[];
  /** Of `DeviceFlag`. */
  readonly flags: number;
}

const most = Number.MAX_SAFE_INTEGER;
const childMessage = v.variant('kind', [
  v.object({ kind: v.literal('started') }),
  v.object({
    kind: v.literal('counts'),
    received: count(most),
    droppedByKernel: count(most),
    droppedByInterface: count(most),
  }),
  v.object({ kind: v.literal('failed'), code: v.picklist(captureProblemCodes), detail: v.string() }),
]);
export type ChildMessage = v.InferOutput<typeof childMessage>;

/** Null where it is not exactly an order. */
export const readOrder = (argument: string | undefined): ChildOrder | null => readJson(childOrder, argument ?? '');

/** Null for anything else that is written there: a library's warning. */
export const readMessage = (line: string): ChildMessage | null => readJson(childMessage, line);
