import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { bufferSizes, defaultCaptureOptions, noLimits, snapLengths } from '../../../shared/model/live.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { Interfaces } from './interfaces.tsx';

/** A number of a box within bounds; null where the box is empty. */
function numberOf(text: string, least: number, most: number): number | null {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : Math.min(most, Math.max(least, Math.round(value)));
}

/** Chooses what to capture and starts. @param whole with every option, not only interface and filter */
export function CaptureForm({ whole }: { readonly whole: boolean }): ReactNode {
  const t = useTranslate();
  const id = useId();
  const start = useApp((s) => s.startCapture);
  const starting = useApp((s) => s.starting);
  const check = useApp((s) => s.checkCaptureFilter);
  const problem = useApp((s) => s.captureFilterProblem);
  const known = useApp((s) => s.settings.captureFilters);
  const addressNames = useApp((s) => s.settings.addressNames);
  const updateSettings = useApp((s) => s.updateSettings);
  const [devices, setDevices] = useState<readonly string[]>([]);
  const [filter, setFilter] = useState('');
  const [promiscuous, setPromiscuous] = useState(defaultCaptureOptions.promiscuous);
  const [snapLength, setSnapLength] = useState('');
  const [buffer, setBuffer] = useState(String(defaultCaptureOptions.bufferMiB));
  const [packets, setPackets] = useState('');
  const [megabytes, setMegabytes] = useState('');
  const [seconds, setSeconds] = useState('');
  const [seriesMegabytes, setSeriesMegabytes] = useState('');
  const [seriesSeconds, setSeriesSeconds] = useState('');
  const [seriesFiles, setSeriesFiles] = useState('');
  const begin = (chosen: readonly string[]): void => {
    if (chosen.length === 0 || problem !== '') return;
    const options = {
      devices: chosen,
      filter: filter.trim(),
      promiscuous,
      snapLength: numberOf(snapLength, snapLengths.least, snapLengths.most) ?? defaultCaptureOptions.snapLength,
      bufferMiB: numberOf(buffer, bufferSizes.least, bufferSizes.most) ?? defaultCaptureOptions.bufferMiB,
    };
    const bytes = numberOf(megabytes, 1, 1e9);
    const limits = {
      ...noLimits,
      packets: numberOf(packets, 1, 1e12),
      bytes: bytes === null ? null : bytes * 1e6,
      seconds: numberOf(seconds, 1, 31_536_000),
    };
    const seriesBytes = numberOf(seriesMegabytes, 1, 1e9);
    const series = {
      bytes: seriesBytes === null ? null : seriesBytes * 1e6,
      seconds: numberOf(seriesSeconds, 1, 31_536_000),
      files: numberOf(seriesFiles, 1, 100_000),
    };
    void start({ options, limits, series: series.bytes === null && series.seconds === null ? null : series });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    begin(devices);
  };
  const box = (
    label: string,
    value: string,
    set: (text: string) => void,
    unit: string,
    placeholder = '',
  ): ReactNode => (
    <label className="capture-number">
      <span>{label}</span>
      <input
        type="text"
        inputMode="numeric"
        className="line-input"
        value={value}
        placeholder={placeholder}
        onChange={(event) => set(event.target.value.replace(/[^\d]/g, ''))}
      />
      <span className="dim">{unit}</span>
    </label>
  );
  return (
    <form className="capture-form" onSubmit={submit}>
      <Interfaces chosen={devices} onChoose={setDevices} onStart={(device) => begin([device])} />
      <div className="capture-line">
        <label className="capture-filter">
          <span className="visually-hidden">{t('live.filter')}</span>
          <input
            type="text"
            className="line-input mono"
            aria-label={t('live.filter')}
            aria-invalid={problem !== ''}
            aria-describedby={problem === '' ? undefined : `${id}-problem`}
            placeholder={t('live.filter.placeholder')}
            spellCheck={false}
            value={filter}
            onChange={(event) => {
              setFilter(event.target.value);
              check(event.target.value);
            }}
          />
        </label>
        <select
          className="capture-known"
          aria-label={t('live.filter.known')}
          value=""
          onChange={(event) => {
            setFilter(event.target.value);
            check(event.target.value);
          }}
        >
          <option value="" disabled>
            {t('live.filter.known')}
          </option>
          {[...known, ...suggested.filter((text) => !known.includes(text))].map((text) => (
            <option key={text} value={text}>
              {text}
            </option>
          ))}
        </select>
        <button
          type="submit"
          className="button button-primary"
          disabled={starting || devices.length === 0 || problem !== ''}
        >
          <Icon name="record" />
          {starting ? t('live.starting') : t('live.start')}
        </button>
      </div>
      {problem !== '' && (
        <p id={`${id}-problem`} className="capture-problem" role="alert">
          {t('live.filter.problem', { detail: problem })}
        </p>
      )}
      {whole && (
        <>
          <fieldset className="capture-options">
            <legend>{t('live.options')}</legend>
            <label className="choice">
              <input type="checkbox" checked={promiscuous} onChange={(event) => setPromiscuous(event.target.checked)} />
              {t('live.promiscuous')}
            </label>
            <label className="choice" title={t('live.addressNames.hint')}>
              <input
                type="checkbox"
                checked={addressNames}
                onChange={(event) => updateSettings({ addressNames: event.target.checked })}
              />
              {t('live.addressNames')}
            </label>
            {box(t('live.snapLength'), snapLength, setSnapLength, t('live.unit.bytes'), t('live.snapLength.all'))}
            {box(t('live.buffer'), buffer, setBuffer, 'MiB')}
          </fieldset>
          <fieldset className="capture-options">
            <legend>{t('live.stopAfter')}</legend>
            {box(t('live.stop.packets'), packets, setPackets, t('live.unit.packets'))}
            {box(t('live.stop.bytes'), megabytes, setMegabytes, 'MB')}
            {box(t('live.stop.seconds'), seconds, setSeconds, t('live.unit.seconds'))}
          </fieldset>
          <fieldset className="capture-options">
            <legend>{t('live.series')}</legend>
            {box(t('live.series.bytes'), seriesMegabytes, setSeriesMegabytes, 'MB')}
            {box(t('live.series.seconds'), seriesSeconds, setSeriesSeconds, t('live.unit.seconds'))}
            {box(t('live.series.files'), seriesFiles, setSeriesFiles, t('live.unit.files'), t('live.series.all'))}
            <p className="dim capture-hint">{t('live.series.hint')}</p>
          </fieldset>
        </>
      )}
    </form>
  );
}

/** Capture filters that people need most; those that were used come before them. */
const suggested: readonly string[] = [
  'tcp',
  'tcp port 80 or tcp port 443',
  'tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0',
  'port 53',
  'not port 22',
  'host 192.0.2.1',
  'icmp or icmp6',
];
