import { type KeyboardEvent, type ReactNode, useEffect, useId } from 'react';
import { countText } from '../shared/format/quantity.ts';
import { PacketBytes } from './panels/packet-bytes/packet-bytes.tsx';
import { PacketDetails } from './panels/packet-details/packet-details.tsx';
import { PacketList } from './panels/packet-list/packet-list.tsx';
import { TcpHandshake } from './panels/tcp-handshake/tcp-handshake.tsx';
import { TcpStreams } from './panels/tcp-streams/tcp-streams.tsx';
import type { MainTab } from './store/state.ts';
import { useApp, useTranslate } from './store/use-app.ts';
import { SplitPane } from './widgets/split-pane.tsx';

/** Shares of the second pane of each split, as drawn first. */
const defaults = { handshake: 0.43, bottom: 0.37, bytes: 0.6 } as const;
const narrowBelow = 900;

/**
 * An open capture: lists on the left, the selected packet below them, the handshake on the right or, in a narrow
 * window, as a tab.
 */
export function Workspace(): ReactNode {
  const t = useTranslate();
  const panes = useApp((s) => s.settings.panes);
  const setPane = useApp((s) => s.setPane);
  const narrow = useApp((s) => s.narrow);
  const setNarrow = useApp((s) => s.setNarrow);
  useEffect(() => {
    const measure = (): void => setNarrow(window.innerWidth < narrowBelow);
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, [setNarrow]);
  const split = (name: keyof typeof defaults) => ({
    fraction: panes[name] ?? defaults[name],
    defaultFraction: defaults[name],
    onChange: (fraction: number) => setPane(name, fraction),
    hint: t('pane.resize.hint'),
  });
  const left = (
    <SplitPane
      {...split('bottom')}
      direction="column"
      minFirst={120}
      minSecond={90}
      label={t('pane.resize.bottom')}
      first={<Views />}
      second={
        <SplitPane
          {...split('bytes')}
          direction="row"
          minFirst={150}
          minSecond={150}
          label={t('pane.resize.details')}
          first={<PacketDetails />}
          second={<PacketBytes />}
        />
      }
    />
  );
  if (narrow) return <main className="workspace">{left}</main>;
  return (
    <main className="workspace">
      <SplitPane
        {...split('handshake')}
        direction="row"
        minFirst={420}
        minSecond={400}
        label={t('pane.resize.handshake')}
        first={left}
        second={<TcpHandshake />}
      />
    </main>
  );
}

function Views(): ReactNode {
  const t = useTranslate();
  const tab = useApp((s) => s.tab);
  const setTab = useApp((s) => s.setTab);
  const narrow = useApp((s) => s.narrow);
  const streamCount = useApp((s) => s.streamCount);
  const id = useId();
  const tabs: readonly MainTab[] = narrow ? ['packets', 'streams', 'handshake'] : ['packets', 'streams'];
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0 || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const next = tabs.at((tabs.indexOf(tab) + by + tabs.length) % tabs.length) ?? tab;
    setTab(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <section className="panel">
      <div role="tablist" tabIndex={-1} aria-label={t('tabs.label')} className="tabs" onKeyDown={onKeyDown}>
        {tabs.map((name) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            className="tab"
            aria-selected={tab === name}
            aria-controls={`${id}-panel`}
            tabIndex={tab === name ? 0 : -1}
            onClick={() => setTab(name)}
          >
            {t(`tabs.${name}`)}
            {name === 'streams' && <span className="tab-count">{countText(streamCount)}</span>}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${tab}`} className="tab-panel">
        {tab === 'packets' && <PacketList />}
        {tab === 'streams' && <TcpStreams />}
        {tab === 'handshake' && <TcpHandshake />}
      </div>
    </section>
  );
}
