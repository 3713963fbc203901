import { type ReactNode, useEffect } from 'react';
import { countText, leftText, sizeText } from '../../../shared/format/quantity.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import type { CaptureProgress } from '../../../shared/model/capture.ts';
import type { PacketDetail } from '../../../shared/model/packet.ts';
import { ruleTitle } from '../../format/decode-as-text.ts';
import { describeField } from '../../format/describe-field.ts';
import { type HealthLevel, worst } from '../../format/health-level.ts';
import { selectedNode } from '../../store/detail-slice.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { ProgressBar } from '../../widgets/progress-bar.tsx';

/** Rules of Decode As that the tooltip names. */
const maxListedRules = 12;

export function StatusBar(): ReactNode {
  const t = useTranslate();
  const capture = useApp((s) => s.capture);
  const progress = useApp((s) => s.progress);
  const opening = useApp((s) => s.openingName);
  return (
    <footer className="status-bar" role="status" aria-label={t('status.label')} aria-live="off">
      {capture === null || progress === null ? (
        <span className="dim">
          {opening === '' ? t('status.ready') : t('open.opening', { name: safeText(opening) })}
        </span>
      ) : (
        <>
          <Health progress={progress} />
          <span className="status-name" title={safeText(capture.path)}>
            {safeText(capture.name)}
          </span>
          <Displayed packets={progress.packets} />
          {progress.state === 'capturing' && <Live />}
          {progress.state === 'loading' ? <Loading progress={progress} /> : <Counts progress={progress} />}
          <Drops />
          <Notes />
          <Saving />
        </>
      )}
      <Rules />
      <Field />
    </footer>
  );
}

function Health({ progress }: { readonly progress: CaptureProgress }): ReactNode {
  const t = useTranslate();
  const open = useApp((s) => s.healthOpen);
  const setOpen = useApp((s) => s.setHealthOpen);
  const level: HealthLevel = worst(progress);
  const count = progress.health.length;
  const text =
    level === 'damage'
      ? t('status.health.damage')
      : level === 'notice'
        ? t('status.health.notice', { count })
        : level === 'information'
          ? t('status.health.information', { count })
          : progress.state === 'loading'
            ? t('status.health.loading')
            : t('status.health.good');
  return (
    <button
      type="button"
      className={`status-health health-${level}`}
      title={t('status.health.open')}
      aria-expanded={open}
      onClick={() => setOpen(!open)}
    >
      <span className="dot" aria-hidden="true" />
      {text}
    </button>
  );
}

/** How many of the packets the list shows, where it does not show all. */
function Displayed({ packets }: { readonly packets: number }): ReactNode {
  const t = useTranslate();
  const displayed = useApp((s) => s.displayed);
  if (displayed === null) return null;
  const percent = packets === 0 ? 0 : (displayed.count / packets) * 100;
  return (
    <span>
      {t('status.displayed', {
        shown: countText(displayed.count),
        all: countText(packets),
        percent: percent.toFixed(1),
      })}
    </span>
  );
}

function Counts({ progress }: { readonly progress: CaptureProgress }): ReactNode {
  const t = useTranslate();
  return (
    <>
      <span>{t('status.packets', { count: countText(progress.packets) })}</span>
      {progress.tcpStreams > 0 && (
        <span className="dim">{t('status.streams', { count: countText(progress.tcpStreams) })}</span>
      )}
      {progress.state === 'cancelled' && <span className="status-warn">{t('status.cancelled')}</span>}
      {progress.state === 'failed' && <span className="status-warn">{t('status.failed')}</span>}
    </>
  );
}

function Loading({ progress }: { readonly progress: CaptureProgress }): ReactNode {
  const t = useTranslate();
  const cancel = useApp((s) => s.cancelLoading);
  const { bytesRead, bytesTotal, elapsedMs, packets } = progress;
  const share = bytesTotal > 0 ? Math.min(1, bytesRead / bytesTotal) : 0;
  // A guess from less than a twentieth of the file would jump about.
  const left =
    share > 0.05 && elapsedMs > 500
      ? t('status.loading.left', { time: leftText((elapsedMs / share) * (1 - share)) })
      : '';
  const text = t('status.loading.text', {
    packets: countText(packets),
    read: sizeText(bytesRead),
    total: sizeText(bytesTotal),
  });
  return (
    <>
      <ProgressBar label={t('status.loading')} share={share} text={left === '' ? text : `${text} · ${left}`} />
      <span className="status-loading">
        {text}
        {left !== '' && ` · ${left}`}
      </span>
      <button type="button" className="small-button" onClick={cancel}>
        {t('status.cancel')}
      </button>
    </>
  );
}

/** What a capture that runs has seen, and whether anything was lost. */
function Live(): ReactNode {
  const t = useTranslate();
  const counts = useApp((s) => s.liveCounts);
  return (
    <>
      <span className="status-live">
        <span className="dot" aria-hidden="true" />
        {t('live.status')}
      </span>
      {counts !== null && (
        <span className="dim">
          {t('live.status.rate', { count: countText(counts.rate), size: sizeText(counts.bytes) })}
        </span>
      )}
    </>
  );
}

/** Packets that the system threw away: what is missing of a connection may be their fault. */
function Drops(): ReactNode {
  const t = useTranslate();
  const drops = useApp((s) =>
    s.liveCounts === null || s.liveCounts.captureId !== s.capture?.captureId
      ? 0
      : s.liveCounts.droppedByKernel + s.liveCounts.droppedByInterface,
  );
  const live = useApp((s) => s.progress?.state === 'capturing');
  if (drops === 0) return live ? <span className="dim">{t('live.status.noDrops')}</span> : null;
  return (
    <span className="status-drops" title={t('live.status.drops.hint')}>
      {t('live.status.drops', { count: countText(drops) })}
    </span>
  );
}

/** What the user has noted about packets, and what of it is not in the file yet. */
function Notes(): ReactNode {
  const t = useTranslate();
  const notes = useApp((s) => s.notes);
  const save = useApp((s) => s.saveCapture);
  const complete = useApp((s) => s.progress?.state === 'complete');
  const comment = useApp((s) => commentOf(s.detail));
  return (
    <>
      {notes.marked > 0 && <span>{t('status.marked', { count: countText(notes.marked) })}</span>}
      {notes.ignored > 0 && <span>{t('status.ignored', { count: countText(notes.ignored) })}</span>}
      {notes.unsaved > 0 && (
        <button
          type="button"
          className="status-link status-warn"
          title={t('status.unsaved.hint')}
          disabled={!complete}
          onClick={() => void save(false)}
        >
          {t('status.unsaved', { count: countText(notes.unsaved) })}
        </button>
      )}
      {comment !== '' && (
        <span className="status-comment" title={comment}>
          {t('status.comment', { text: comment })}
        </span>
      )}
    </>
  );
}

/** The first comment of the selected packet; '' none. */
function commentOf(detail: PacketDetail | null): string {
  return safeText(detail?.tree[0]?.children.find((node) => node.field === 'frame.comment')?.value ?? '');
}

/** That not everything is decoded as usual: else what the list shows would be a riddle. */
function Rules(): ReactNode {
  const t = useTranslate();
  const rules = useApp((s) => s.settings.decodeAs);
  const tables = useApp((s) => s.decodeTables);
  const open = useApp((s) => s.openDecodeAs);
  const loadTables = useApp((s) => s.loadDecodeTables);
  const some = rules.length > 0;
  // How keys are written, and what tables are called.
  useEffect(() => {
    if (some) void loadTables();
  }, [some, loadTables]);
  if (!some) return null;
  const listed = rules.slice(0, maxListedRules).map((rule) => `${ruleTitle(t, rule, tables)} → ${rule.protocol}`);
  const text = safeText(listed.join(t('text.comma'))) + (rules.length > maxListedRules ? '…' : '');
  return (
    <button
      type="button"
      className="status-link"
      title={t('status.decodeAs.hint', { rules: text })}
      onClick={() => void open()}
    >
      {t('status.decodeAs', { count: rules.length })}
    </button>
  );
}

function Saving(): ReactNode {
  const t = useTranslate();
  const saving = useApp((s) => s.saving);
  const cancel = useApp((s) => s.cancelSave);
  if (saving === null || saving.done === 0) return null;
  const share = Math.min(1, saving.done / Math.max(1, saving.total));
  return (
    <>
      <ProgressBar label={t('save.progress')} share={share} />
      <button type="button" className="small-button" onClick={cancel}>
        {t('status.cancel')}
      </button>
    </>
  );
}

function Field(): ReactNode {
  const t = useTranslate();
  const node = useApp(selectedNode);
  if (node === null) return null;
  const text = describeField(t, node);
  return (
    <span className="status-field" title={text}>
      {text}
    </span>
  );
}
