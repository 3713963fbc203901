import { safeText } from '../../shared/format/safe-text.ts';
import { translator } from '../../shared/i18n/translate.ts';
import type { LadderFormat } from '../../shared/model/stream.ts';
import { svgToPng } from '../format/svg-to-png.ts';
import type { Slice } from './slice.ts';
import type { ExportSlice, SavedFormat } from './state.ts';

const endings: Readonly<Record<SavedFormat, string>> = {
  svg: 'svg',
  png: 'png',
  markdown: 'md',
  mermaid: 'mmd',
  rfc: 'txt',
  packetdrill: 'pkt',
  json: 'json',
};

/** `huawei.pcapng.gz`, stream 3, as SVG: `huawei-stream-3.svg`. */
export function exportName(captureName: string, stream: number, format: SavedFormat): string {
  const base = captureName.replace(/\.(gz|zst)$/i, '').replace(/\.(pcapng|pcap|cap|dmp)$/i, '');
  return `${base === '' ? 'capture' : base}-stream-${stream}.${endings[format]}`;
}

export const createExportSlice: Slice<ExportSlice> = (_set, get, { request, idle }) => {
  const textOf = async (format: LadderFormat): Promise<string | null> => {
    const { ladder, language, rawNumbers } = get();
    return ladder === null
      ? null
      : request('tcp:export', ladder.captureId, ladder.stream, format, language, rawNumbers);
  };
  /** Runs an export to its end; whatever goes wrong becomes a notice that says what to do. */
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await idle.track(work());
    } catch (error) {
      get().notify(
        'bad',
        translator(get().language)('export.failed', {
          detail: safeText(error instanceof Error ? error.message : String(error)),
        }),
      );
    }
  };
  const gone = (): void => get().notify('bad', translator(get().language)('export.gone'));
  return {
    copyLadder: (format) =>
      guarded(async () => {
        const text = await textOf(format);
        if (text === null) return gone();
        await request('clipboard:write', text);
        const t = translator(get().language);
        get().notify('good', t('export.copied', { format: t(`export.format.${format}`) }));
      }),
    saveLadder: (format) =>
      guarded(async () => {
        const { ladder, capture } = get();
        const text = await textOf(format === 'png' ? 'svg' : format);
        if (text === null || ladder === null) return gone();
        const content = format === 'png' ? await svgToPng(text) : text;
        const answer = await request('export:save', exportName(capture?.name ?? '', ladder.stream, format), content);
        const t = translator(get().language);
        if (answer === null) return;
        if (answer.ok) get().notify('good', t('export.saved', { path: safeText(answer.value) }));
        else
          get().notify(
            'bad',
            t('export.notSaved', { path: safeText(answer.error.path), detail: safeText(answer.error.detail) }),
          );
      }),
  };
};
