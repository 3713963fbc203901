import { translator } from '../../shared/i18n/translate.ts';
import type { CaptureInfo } from '../../shared/model/capture.ts';
import type { CaptureProblem, LiveHandshake, LiveProblem, LiveTarget } from '../../shared/model/live.ts';
import type { Result } from '../../shared/model/result.ts';
import type { Slice } from './slice.ts';
import type { LiveSlice } from './state.ts';

const activitySeconds = 24;
const maxSteps = 60;
const checkDelayMs = 250;
const maxRecentFilters = 20;

export const isCapturing = (state: { readonly progress: { readonly state: string } | null }): boolean =>
  state.progress?.state === 'capturing';

export const createLiveSlice: Slice<LiveSlice> = (set, get, { request, backend }) => {
  const traffic = new Map<string, number>();
  let timer: number | null = null;
  let checked = 0;
  /** What was tried last: to try it again with other rights. */
  let attempt: ((asking: boolean) => Promise<void>) | null = null;
  let early: LiveHandshake | null = null;

  const begin = async <P>(
    ask: () => Promise<Result<CaptureInfo, P> | null>,
    problemOf: (problem: P) => LiveProblem,
  ): Promise<void> => {
    if (get().starting) return;
    set({ starting: true, liveProblem: null, liveEnd: null, liveSteps: [], liveTarget: null, permission: null });
    try {
      const result = await ask();
      if (result === null) return;
      if (result.ok) {
        set({ liveCounts: null, followsEnd: true, seenPackets: 0 });
        get().showDialog(null);
        get().captureOpened(result.value);
        const found = early;
        early = null;
        if (found !== null) get().handshakeFound(found);
        return;
      }
      const problem = problemOf(result.error);
      set({ liveProblem: problem });
      if (
        problem.kind === 'capture' &&
        (problem.problem.code === 'not-permitted' ||
          problem.problem.code === 'no-means' ||
          problem.problem.code === 'declined')
      )
        set({ permission: await request('live:advice') });
    } finally {
      set({ starting: false });
    }
  };
  const ofCapture = (problem: CaptureProblem): LiveProblem => ({ kind: 'capture', problem });
  const ofTarget = (problem: LiveProblem): LiveProblem => problem;
  const infoOf = async (
    answer: Promise<Result<LiveTarget, LiveProblem> | null>,
  ): Promise<Result<CaptureInfo, LiveProblem> | null> => {
    const result = await answer;
    if (result?.ok !== true) return result;
    set({ liveTarget: result.value });
    return { ok: true, value: result.value.info };
  };
  return {
    devices: null,
    activity: new Map(),
    captureFilterProblem: '',
    starting: false,
    liveCounts: null,
    liveEnd: null,
    liveProblem: null,
    liveTarget: null,
    liveSteps: [],
    permission: null,
    unsaved: [],
    followsEnd: true,
    seenPackets: 0,
    async loadDevices() {
      set({ devices: await request('live:devices') });
    },
    async measureActivity() {
      // Asked again every second: nothing waits for it.
      const now = await backend.request('live:traffic').catch(() => null);
      if (now === null) return;
      const activity = new Map(get().activity);
      for (const { name, packets } of now) {
        const before = traffic.get(name);
        traffic.set(name, packets);
        if (before !== undefined)
          activity.set(name, [...(activity.get(name) ?? []), Math.max(0, packets - before)].slice(-activitySeconds));
      }
      set({ activity });
    },
    checkCaptureFilter(filter) {
      if (timer !== null) window.clearTimeout(timer);
      const mine = ++checked;
      if (filter.trim() === '') {
        set({ captureFilterProblem: '' });
        return;
      }
      timer = window.setTimeout(() => {
        void request('live:check-filter', filter).then((problem) => {
          if (mine === checked) set({ captureFilterProblem: problem ?? '' });
        });
      }, checkDelayMs);
    },
    async startCapture(capture, asking = false) {
      attempt = (again) => get().startCapture(capture, again);
      const { filter } = capture.options;
      const { captureFilters } = get().settings;
      if (filter !== '')
        get().updateSettings({
          captureFilters: [filter, ...captureFilters.filter((known) => known !== filter)].slice(0, maxRecentFilters),
        });
      await begin(() => request('live:start', capture, asking), ofCapture);
    },
    async openPipe() {
      attempt = () => get().openPipe();
      await begin(() => request('live:pipe'), ofCapture);
    },
    async stopCapture() {
      if (isCapturing(get())) await request('live:stop');
    },
    async restartCapture() {
      attempt = () => get().restartCapture();
      await begin(() => request('live:restart'), ofCapture);
    },
    toggleCapture() {
      if (isCapturing(get())) void get().stopCapture();
      else get().showDialog('capture');
    },
    async captureSite(site) {
      attempt = () => get().captureSite(site);
      await begin(() => infoOf(request('live:site', site)), ofTarget);
    },
    async runLab(id) {
      attempt = () => get().runLab(id);
      await begin(() => infoOf(request('live:lab', id)), ofTarget);
    },
    async retryCapture(asking) {
      set({ permission: null });
      await attempt?.(asking);
    },
    dismissPermission: () => set({ permission: null }),
    dismissLive: () => set({ liveProblem: null, liveEnd: null, liveTarget: null, liveSteps: [] }),
    async loadUnsaved() {
      set({ unsaved: await request('live:unsaved') });
    },
    async recover(name) {
      const result = await request('live:recover', name);
      if (result?.ok === true) get().captureOpened(result.value);
      else if (result !== null) get().captureFailed(result.error);
    },
    async discardUnsaved(name) {
      set({ unsaved: await request('live:discard', name) });
    },
    setFollowsEnd(followsEnd) {
      if (get().followsEnd !== followsEnd) set({ followsEnd, seenPackets: get().rowCount });
    },
    liveCounted(liveCounts) {
      if (liveCounts.captureId === get().capture?.captureId) set({ liveCounts });
    },
    liveEnded(liveEnd) {
      if (liveEnd.captureId !== get().capture?.captureId) return;
      set({ liveEnd: liveEnd.problem === null ? null : liveEnd });
      if (liveEnd.problem === null)
        get().notify('good', translator(get().language)('live.ended', { count: liveEnd.packets }));
    },
    handshakeFound(found) {
      const { capture } = get();
      if (capture === null || found.captureId > capture.captureId) {
        early = found;
        return;
      }
      if (found.captureId !== capture.captureId) return;
      get().showLadder(found.stream);
      get().revealHandshake();
    },
    stepMade: (step) => set({ liveSteps: [...get().liveSteps, step].slice(-maxSteps) }),
  };
};
