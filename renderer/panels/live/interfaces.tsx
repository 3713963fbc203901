import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { countText } from '../../../shared/format/quantity.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import type { CaptureDevice } from '../../../shared/model/live.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';

interface Props {
  readonly chosen: readonly string[];
  readonly onChoose: (devices: readonly string[]) => void;
  /** Begin with this one. */
  readonly onStart: (device: string) => void;
}

const measureMs = 1000;

/** The machine's interfaces, those with traffic first; several can be chosen. */
export function Interfaces({ chosen, onChoose, onStart }: Props): ReactNode {
  const t = useTranslate();
  const list = useApp((s) => s.devices);
  const load = useApp((s) => s.loadDevices);
  const measure = useApp((s) => s.measureActivity);
  const activity = useApp((s) => s.activity);
  const grid = useRef<HTMLTableElement | null>(null);
  useEffect(() => {
    void load();
    void measure();
    const timer = window.setInterval(() => void measure(), measureMs);
    return () => window.clearInterval(timer);
  }, [load, measure]);

  const busy = (device: CaptureDevice): number =>
    (activity.get(device.name) ?? []).reduce((sum, packets) => sum + packets, 0);
  // Order is kept while the same are busy: rows that jump about cannot be clicked.
  const activeNames = (list?.devices ?? [])
    .filter((device) => busy(device) > 0)
    .map(({ name }) => name)
    .join('\0');
  const devices = useMemo(() => {
    const active = new Set(activeNames.split('\0'));
    const useful = (list?.devices ?? []).filter((device) => device.kind !== 'other');
    return [...useful].sort((a, b) => Number(active.has(b.name)) - Number(active.has(a.name)));
  }, [list, activeNames]);
  const first = devices.find((device) => device.up && device.kind !== 'any')?.name ?? devices[0]?.name;
  useEffect(() => {
    if (chosen.length === 0 && first !== undefined) onChoose([first]);
  }, [chosen, first, onChoose]);

  const toggle = (name: string, several: boolean): void => {
    if (!several) onChoose([name]);
    else onChoose(chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name]);
  };
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const rows = [...(grid.current?.querySelectorAll<HTMLElement>('tbody tr') ?? [])];
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      const next = Math.min(devices.length - 1, Math.max(0, index + by));
      rows[next]?.focus();
      if (!event.ctrlKey && devices[next] !== undefined) onChoose([devices[next].name]);
    } else if (event.key === ' ') {
      event.preventDefault();
      toggle(devices[index].name, true);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onStart(devices[index].name);
    }
  };
  if (list === null) return <p className="dim">{t('live.interfaces.loading')}</p>;
  if (devices.length === 0) return <p className="dim">{t('live.interfaces.none')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows are chosen is a grid (ARIA 1.2)
    <table ref={grid} className="interfaces" role="grid" aria-label={t('live.interfaces')} aria-multiselectable="true">
      <thead>
        <tr>
          <th scope="col">{t('live.interface.name')}</th>
          <th scope="col">{t('live.interface.activity')}</th>
          <th scope="col">{t('live.interface.addresses')}</th>
        </tr>
      </thead>
      <tbody>
        {devices.map((device, index) => (
          <tr
            key={device.name}
            tabIndex={(chosen.length === 0 ? index === 0 : device.name === chosen[0]) ? 0 : -1}
            aria-selected={chosen.includes(device.name)}
            className={device.up ? '' : 'interface-down'}
            onClick={(event) => toggle(device.name, event.ctrlKey || event.metaKey)}
            onDoubleClick={() => onStart(device.name)}
            onKeyDown={(event) => onKeyDown(event, index)}
          >
            <td>
              <strong>{safeText(device.name)}</strong>
              <span className="dim">
                {t(`live.kind.${device.kind}`)}
                {device.kind !== 'any' &&
                  device.description !== '' &&
                  device.description !== device.name &&
                  ` · ${safeText(device.description)}`}
                {!device.up && ` · ${t('live.interface.down')}`}
              </span>
            </td>
            <td>
              <Sparkline values={activity.get(device.name) ?? []} />
              <span className="mono dim">
                {(activity.get(device.name) ?? []).length > 0
                  ? t('live.interface.rate', { count: countText(activity.get(device.name)?.at(-1) ?? 0) })
                  : ''}
              </span>
            </td>
            <td className="mono dim">{device.addresses.map((address) => safeText(address)).join(' ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const points = 24;

function Sparkline({ values }: { readonly values: readonly number[] }): ReactNode {
  const most = Math.max(1, ...values);
  const at = (value: number, i: number): string =>
    `${((points - values.length + i) / (points - 1)) * 72} ${17 - (value / most) * 15}`;
  return (
    <svg className="sparkline" width="72" height="18" viewBox="0 0 72 18" aria-hidden="true">
      <path d="M0 17H72" className="sparkline-ground" />
      {values.length > 1 && <path d={`M${values.map(at).join('L')}`} />}
    </svg>
  );
}
