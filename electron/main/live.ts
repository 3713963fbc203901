/**
 * Capturing, as the main process sees it: which device for which site, the lab, and packets that nobody has saved yet.
 */
import { basename } from 'node:path';
import { portsOf, siteFilter } from '../../shared/format/site-filter.ts';
import type { CaptureInfo, OpenError } from '../../shared/model/capture.ts';
import type { LabId } from '../../shared/model/lab.ts';
import {
  type CaptureProblem,
  type CaptureRequest,
  type DeviceList,
  defaultCaptureOptions,
  type LiveHandshake,
  type LiveProblem,
  type LiveTarget,
  noLimits,
  type PermissionAdvice,
  type SiteRequest,
  type Unsaved,
} from '../../shared/model/live.ts';
import type { NetOutcome, NetStep } from '../../shared/model/net-step.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import { connectOnce } from '../lab/connect.ts';
import { prepareLab } from '../lab/lab-server.ts';
import { resolveSite } from '../lab/resolve-site.ts';
import { deviceTowards } from './capture-device.ts';
import type { Captures } from './captures.ts';
import type { Spool } from './spool.ts';
import type { WorkerClient } from './worker-client.ts';

export interface LiveEvents {
  /** Asks where a series of files goes; null: the user gave up. */
  askSeries(): Promise<string | null>;
  step(step: NetStep): void;
  /** A connection of the capture is to be shown. */
  handshake(found: LiveHandshake): void;
}

/**
 * Milliseconds: until a capture that was started sees the first packet for sure; until the last packets of a connection
 * have arrived.
 */
const settleMs = 250;
const lastPacketsMs = 500;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Live {
  /** Of the last capture that was started: to start it again. */
  private request: CaptureRequest | null = null;
  private seriesFile = '';
  private connecting: AbortController | null = null;

  constructor(
    private readonly captures: Captures,
    private readonly worker: () => WorkerClient,
    private readonly spool: Spool,
    /** The bundled capture child. */
    private readonly script: string,
    private readonly events: LiveEvents,
  ) {}

  devices(): Promise<DeviceList> {
    return this.worker().request('captureDevices', this.script);
  }

  checkFilter(filter: string): Promise<string | null> {
    return this.worker().request('checkCaptureFilter', this.script, filter);
  }

  advice(): Promise<PermissionAdvice> {
    return this.worker().request('permissionAdvice', this.script);
  }

  /** Reads what another program writes to a FIFO, as it comes; null: the user kept what is open. */
  pipe(path: string): Promise<Result<CaptureInfo, CaptureProblem> | null> {
    return this.begin(
      { options: { ...defaultCaptureOptions, devices: [basename(path)] }, limits: noLimits, series: null },
      { pipe: path },
    );
  }

  /** Null: the user kept what is open. */
  async start(request: CaptureRequest, asking: boolean): Promise<Result<CaptureInfo, CaptureProblem> | null> {
    const seriesFile = request.series === null ? '' : await this.events.askSeries();
    if (seriesFile === null) return null;
    this.seriesFile = seriesFile;
    const started = await this.begin(request, { asking, seriesFile });
    if (started?.ok === true) this.request = request;
    return started;
  }

  async restart(): Promise<Result<CaptureInfo, CaptureProblem> | null> {
    return this.request === null ? null : this.begin(this.request, { seriesFile: this.seriesFile });
  }

  async stop(): Promise<void> {
    this.connecting?.abort();
    const { info } = this.captures;
    if (info !== null) await this.worker().request('stopLive', info.captureId);
  }

  /** Captures what goes to and from a site; null: the user kept what is open. */
  async site(request: SiteRequest): Promise<Result<LiveTarget, LiveProblem> | null> {
    this.connecting?.abort();
    const cancel = new AbortController();
    this.connecting = cancel;
    // Loaded when somebody types a site: the tables of all scripts' letters would make each start slower.
    const { parseSite } = await import('../../shared/format/site-text.ts');
    const parsed = parseSite(request.text);
    if (!parsed.ok) return fail({ kind: 'site', problem: parsed.error });
    const site = parsed.value;
    const resolved = await resolveSite(site, { signal: cancel.signal });
    if (!resolved.ok) return fail({ kind: 'net', problem: resolved.error });
    const filter = siteFilter(resolved.value, portsOf(site), { dns: request.dns, icmp: request.icmp });
    const { devices, problem } = await this.devices();
    if (problem !== null) return fail({ kind: 'capture', problem });
    const device = await deviceTowards(resolved.value, devices);
    if (filter === null || device === null)
      return fail({ kind: 'net', problem: { code: 'no-route', detail: resolved.value.join(', ') } });
    const own = request.connect !== 'off';
    const started = await this.begin(
      {
        options: { ...defaultCaptureOptions, devices: [device.name], filter: filter.text },
        limits: noLimits,
        series: null,
      },
      { watches: !own },
    );
    if (started === null) return null;
    if (!started.ok) return fail({ kind: 'capture', problem: started.error });
    const info = started.value;
    if (own) {
      const ask = request.connect;
      const connection = { site, addresses: resolved.value, ask, verify: request.verify } as const;
      void pause(settleMs)
        .then(() => connectOnce(connection, (step) => this.events.step(step), cancel.signal))
        .then((outcome) => this.show(info.captureId, outcome));
    }
    return ok({
      info,
      device: device.name,
      filter: filter.text,
      addresses: filter.addresses,
      leftOut: filter.leftOut,
      bothPorts: !site.portGiven,
    });
  }

  /** Plays a lesson of the lab on the loopback device and captures it; null: the user kept what is open. */
  async lab(id: LabId): Promise<Result<LiveTarget, LiveProblem> | null> {
    this.connecting?.abort();
    const cancel = new AbortController();
    this.connecting = cancel;
    const { devices, problem } = await this.devices();
    if (problem !== null) return fail({ kind: 'capture', problem });
    const device = devices.find(({ kind }) => kind === 'loopback');
    if (device === undefined) return fail({ kind: 'capture', problem: { code: 'no-device', detail: 'loopback' } });
    const prepared = await prepareLab(id, { report: (step) => this.events.step(step), signal: cancel.signal });
    if (!prepared.ok) return fail({ kind: 'net', problem: prepared.error });
    const lab = prepared.value;
    const started = await this.begin(
      {
        options: { ...defaultCaptureOptions, devices: [device.name], filter: lab.filter },
        limits: noLimits,
        series: null,
      },
      { disposable: true },
    );
    if (started?.ok !== true) {
      await lab.close();
      return started === null ? null : fail({ kind: 'capture', problem: started.error });
    }
    const info = started.value;
    void pause(settleMs)
      .then(() => lab.run())
      .then(async (outcome) => {
        await pause(lastPacketsMs);
        await this.worker().request('stopLive', info.captureId);
        await this.show(info.captureId, outcome);
      });
    return ok({
      info,
      device: device.name,
      filter: lab.filter,
      addresses: [lab.at.address],
      leftOut: 0,
      bothPorts: false,
    });
  }

  unsaved(): readonly Unsaved[] {
    return this.spool.unsaved(this.captures.info?.unsaved === true ? this.captures.info.path : '');
  }

  async recover(name: string): Promise<Result<CaptureInfo, OpenError> | null> {
    const path = this.spool.pathOf(name);
    return path === null ? fail({ code: 'not-found', path: basename(name) }) : this.captures.openUnsaved(path);
  }

  discard(name: string): readonly Unsaved[] {
    const path = this.spool.pathOf(name);
    if (path !== null && path !== this.captures.info?.path) this.spool.remove(path);
    return this.unsaved();
  }

  private async begin(
    request: CaptureRequest,
    more: {
      readonly asking?: boolean;
      readonly watches?: boolean;
      readonly disposable?: boolean;
      readonly pipe?: string;
      readonly seriesFile?: string;
    } = {},
  ): Promise<Result<CaptureInfo, CaptureProblem> | null> {
    const name = request.options.devices.join(', ');
    const order = {
      ...request,
      asking: false,
      watches: false,
      disposable: false,
      pipe: '',
      seriesFile: '',
      ...more,
      name,
      spool: this.spool.next(request.options.devices[0] ?? 'capture'),
    };
    return this.captures.startLive(order, this.script);
  }

  /** Shows the connection that was made, once its packets are there. */
  private async show(captureId: number, { client, server }: NetOutcome): Promise<void> {
    if (client === null || server === null) return;
    for (let tries = 0; tries < 20 && this.captures.info?.captureId === captureId; tries++) {
      const stream = await this.worker().request('streamOfPorts', captureId, client.port, server.port);
      if (stream >= 0) {
        this.events.handshake({ captureId, stream });
        return;
      }
      await pause(100);
    }
  }
}
