import type { Translate } from '../../../shared/i18n/translate.ts';
import type { LadderFormat } from '../../../shared/model/stream.ts';
import type { AppState, SavedFormat } from '../../store/state.ts';

const copied: readonly LadderFormat[] = ['markdown', 'rfc', 'mermaid', 'packetdrill', 'json', 'svg'];
const saved: readonly SavedFormat[] = ['svg', 'png', 'markdown', 'rfc', 'mermaid', 'packetdrill', 'json'];

/** Opens the menu of everything that a ladder can be copied or saved as, below the button. */
export function exportMenu(t: Translate, state: AppState, button: Element | null | undefined): void {
  const box = button?.getBoundingClientRect();
  state.showContextMenu({
    label: t('export.menu'),
    x: box?.left ?? 0,
    y: (box?.bottom ?? 0) + 4,
    items: [
      ...saved.map((format) => ({
        label: t('export.save', { format: t(`export.format.${format}`) }),
        run: () => void state.saveLadder(format),
      })),
      ...copied.map((format, i) => ({
        label: t('export.copy', { format: t(`export.format.${format}`) }),
        separated: i === 0,
        run: () => void state.copyLadder(format),
      })),
      { label: t('export.print'), shortcut: 'Ctrl+P', separated: true, run: state.printLadder },
    ],
  });
}
