import type { RequestAnswer, RequestArgs, RequestName } from '../../shared/ipc/contract.ts';
import type { CaptureProgress } from '../../shared/model/capture.ts';
import type { RowPage } from '../../shared/model/packet.ts';
import type { StreamPage } from '../../shared/model/stream.ts';
import type { Backend } from '../backend/backend.ts';
import type { Idle } from './idle.ts';
import type { PageCache } from './page-cache.ts';
import type { AppState } from './state.ts';

/** What a slice is made with, besides the state. */
export interface SliceTools {
  readonly backend: Backend;
  readonly idle: Idle;
  readonly rows: PageCache<RowPage>;
  readonly streams: PageCache<StreamPage>;
  /** As `backend.request`, counted as pending work. */
  readonly request: <N extends RequestName>(name: N, ...args: RequestArgs<N>) => Promise<RequestAnswer<N>>;
  /** A row was selected and its stream is known. */
  readonly followRow: (row: number, stream: number) => void;
  /** Another capture is opened, or none: a slice puts back what it knew of the one before. */
  readonly whenReset: (reset: () => void) => void;
  readonly resetPanels: () => void;
  readonly captureGrew: (before: CaptureProgress | null, now: CaptureProgress) => void;
}
export type Slice<S> = (set: (patch: Partial<AppState>) => void, get: () => AppState, tools: SliceTools) => S;
