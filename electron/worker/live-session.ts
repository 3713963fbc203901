import { Completeness } from '../../shared/dissect/tcp-completeness.ts';
import type { Emit } from '../../shared/ipc/worker-messages.ts';
import type { CaptureInfo, OpenError } from '../../shared/model/capture.ts';
import type { CaptureProblem, LiveOrder } from '../../shared/model/live.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import { type CaptureTools, findTools } from '../capture/tools.ts';
import { LiveCapture } from './live-capture.ts';
import type { OpenCapture } from './open-capture.ts';
import type { Pace } from './pace.ts';

/** SYN, SYN+ACK and the acknowledgment of it. */
const opened = Completeness.Syn | Completeness.SynAck | Completeness.Ack;

/** What is captured now. */
interface Live {
  readonly captureId: number;
  readonly capture: LiveCapture;
  watches: boolean;
  /** Packets after which it ends. */
  readonly limit: number | null;
  /** What ended it, once it has; what is in the spool is still being read. */
  ended: { readonly problem: CaptureProblem | null } | null;
  /** Everything that was captured is read, or nobody wants it any more. */
  readonly over: Promise<void>;
  readonly finish: () => void;
}

export interface LiveHost {
  /** Opens the spool as a capture that grows. */
  openSpool(captureId: number, path: string): Result<CaptureInfo, OpenError>;
  get(captureId: number): OpenCapture | null;
  readonly pace: Pace;
  readonly emit: Emit;
}

/** The capture that runs, beside the session that reads what it brings. */
export class LiveSession {
  private live: Live | null = null;
  private tools: Promise<CaptureTools> | null = null;

  constructor(private readonly host: LiveHost) {}

  /** Process that captures, for tests; null none. */
  get pid(): number | null {
    return this.live?.capture.pid ?? null;
  }

  /** What can capture here: looked for once, and again where the user may have changed it. */
  captureTools(script: string, again: boolean): Promise<CaptureTools> {
    if (again || this.tools === null) this.tools = findTools(script);
    return this.tools;
  }

  /**
   * Captures into a file and opens it as it grows. Answers when the first bytes are there; what is captured then goes
   * on, see `live:counts` and `live:ended`.
   * @param script the bundled capture child
   */
  start(captureId: number, order: LiveOrder, script: string): Promise<Result<CaptureInfo, CaptureProblem>> {
    const { host } = this;
    return new Promise((resolve) => {
      void this.captureTools(script, order.asking)
        .then((tools) => {
          let packetsBefore = 0;
          const live = new LiveCapture(tools, order, {
            opened: () => {
              const opened = host.openSpool(captureId, order.spool);
              if (!opened.ok) {
                void live.stop();
                resolve(fail({ code: 'failed', detail: opened.error.detail ?? opened.error.code }));
                return;
              }
              let finish: () => void = () => undefined;
              const over = new Promise<void>((done) => {
                finish = done;
              });
              this.live = {
                captureId,
                capture: live,
                watches: order.watches,
                limit: order.limits.packets,
                ended: null,
                over,
                finish,
              };
              resolve(ok({ ...opened.value, name: order.name, unsaved: true }));
            },
            grew: () => {
              if (host.get(captureId)?.state === 'capturing') host.pace.grew();
            },
            counts: (counts, bytes) => {
              const packets = host.get(captureId)?.loader.store.table.length ?? 0;
              host.emit('live:counts', { captureId, ...counts, bytes, rate: Math.max(0, packets - packetsBefore) });
              packetsBefore = packets;
            },
            ended: (problem) => {
              const open = host.get(captureId);
              if (open === null || this.live?.captureId !== captureId) {
                resolve(fail(problem ?? { code: 'failed', detail: '' }));
                return;
              }
              // To its end: what was captured last counts.
              this.live.ended = { problem };
              open.loader.grows = false;
              if (open.state === 'capturing') host.pace.soon();
              else this.wasRead(open);
            },
          });
        })
        // A file that cannot be made, for example.
        .catch((error: unknown) =>
          resolve(fail({ code: 'failed', detail: error instanceof Error ? error.message : String(error) })),
        );
    });
  }

  /** Ends the capture that runs; everything that was captured is indexed when it resolves. */
  async stop(captureId: number): Promise<void> {
    const { live } = this;
    if (live?.captureId !== captureId) return;
    await live.capture.stop();
    await live.over;
  }

  /** Nobody wants what it brings any more. */
  leave(): void {
    void this.live?.capture.stop();
    this.live?.finish();
    this.live = null;
  }

  /** While packets come in: the first connection that opens, and the number of packets after which it ends. */
  watch(open: OpenCapture): void {
    const { live } = this;
    if (live === null || live.captureId !== open.captureId) return;
    const { table, tcp, tcpStreams } = open.loader.store;
    if (live.limit !== null && table.length >= live.limit) void live.capture.stop();
    if (!live.watches) return;
    for (let stream = 0; stream < tcp.length; stream++) {
      if ((tcpStreams.completeness.now(stream) & opened) !== opened) continue;
      live.watches = false;
      this.host.emit('live:handshake', { captureId: open.captureId, stream });
      return;
    }
  }

  /** Everything in the spool was read: that was the end, where the capture has ended. */
  wasRead(open: OpenCapture): void {
    const { live } = this;
    if (live?.captureId !== open.captureId || live.ended === null) return;
    this.live = null;
    this.host.emit('live:ended', {
      captureId: open.captureId,
      packets: open.loader.store.table.length,
      problem: live.ended.problem,
    });
    live.finish();
  }
}
