import type { ReactNode } from 'react';

type Hue = 'syn' | 'syn-ack' | 'ack' | 'fin' | 'rst' | 'data';
interface Line {
  readonly hue: Hue;
  readonly toServer: boolean;
  readonly lost?: boolean;
}
const line = (hue: Hue, toServer: boolean, lost = false): Line => ({ hue, toServer, lost });
const opening: readonly Line[] = [line('syn', true), line('syn-ack', false), line('ack', true)];

/** The story of a sample as a small ladder. */
const stories: Readonly<Record<string, readonly Line[]>> = {
  'four-segment-close': [
    ...opening,
    line('data', true),
    line('fin', true),
    line('ack', false),
    line('fin', false),
    line('ack', true),
  ],
  refused: [line('syn', true), line('rst', false)],
  'three-segment-close': [...opening, line('data', true), line('fin', true), line('fin', false), line('ack', true)],
  'syn-retransmitted': [line('syn', true, true), line('syn', true), line('syn-ack', false), line('ack', true)],
};

const width = 64;
const height = 72;

export function SampleArt({ id }: { readonly id: string }): ReactNode {
  const lines = stories[id] ?? opening;
  const gap = Math.min(16, (height - 16) / lines.length);
  const start = (height - gap * lines.length) / 2 + 1;
  return (
    <svg className="sample-art" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path className="sample-lifeline" d={`M8 4V${height - 4}M${width - 8} 4V${height - 4}`} />
      {lines.map((each, index) => {
        const y = start + index * gap;
        const [from, to] = each.toServer ? [8, width - 8] : [width - 8, 8];
        const end = each.lost === true ? from + (to - from) * 0.55 : to;
        const drop = Math.min(gap * 0.55, 7);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a fixed drawing
          <g key={index} className={`hue-${each.hue}`}>
            <path
              className="sample-arrow"
              d={`M${from} ${y}L${end} ${y + drop}`}
              strokeDasharray={each.lost === true ? '3 3' : undefined}
            />
            {each.lost === true ? (
              <path className="sample-arrow" d={`M${end} ${y + drop - 3}l6 6m0 -6l-6 6`} />
            ) : (
              <circle className="sample-end" cx={to} cy={y + drop} r="2.4" />
            )}
          </g>
        );
      })}
    </svg>
  );
}
