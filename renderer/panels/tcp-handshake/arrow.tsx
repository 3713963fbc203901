import type { ReactNode } from 'react';
import { type Hue, hues } from './hue.ts';

interface Props {
  readonly fromClient: boolean;
  readonly hue: Hue;
  /** Pixels from the top of the step. */
  readonly leaves: number;
  readonly arrives: number;
  readonly height: number;
  /** Number in the circle where it leaves; 0 for a plain dot. */
  readonly number: number;
  readonly line: 'solid' | 'dashed' | 'dotted';
  /**
   * Sent by something in between: it leaves there, not from the lifeline of the side that it names. `title` says so.
   */
  readonly between?: { readonly doubtful: boolean; readonly title: string } | null;
}

/** A segment on its way from one lifeline to the other: slanted, because time passes while it travels. */
export function Arrow({ fromClient, hue, leaves, arrives, height, number, line, between = null }: Props): ReactNode {
  const start = between !== null ? '50%' : fromClient ? '0%' : '100%';
  const end = fromClient ? '100%' : '0%';
  const top = between === null ? leaves : (leaves + arrives) / 2;
  return (
    <svg
      className={`arrow arrow-${between === null ? line : 'injected'}`}
      aria-hidden="true"
      width="100%"
      height={height}
    >
      <line x1={start} y1={top} x2={end} y2={arrives} markerEnd={`url(#ladder-head-${hue})`} />
      {hue === 'rst' ? (
        // Nothing goes on after a reset: the same sign in every colour.
        <svg x={end} y={arrives} overflow="visible" aria-hidden="true">
          <path className="ended" d="M-4.5-4.5L4.5 4.5M4.5-4.5L-4.5 4.5" />
        </svg>
      ) : (
        <circle className="arrival" cx={end} cy={arrives} r="2.5" />
      )}
      {between === null ? (
        <circle className="departure" cx={start} cy={leaves} r={number > 0 ? 9 : 3.5} />
      ) : (
        <svg x={start} y={top} overflow="visible" aria-hidden="true">
          <path className="departure" d={number > 0 ? 'M0-12L12 0L0 12L-12 0Z' : 'M0-6.5L6.5 0L0 6.5L-6.5 0Z'}>
            <title>{between.title}</title>
          </path>
          {between.doubtful && (
            <text className="doubt" x={fromClient ? -15 : 15} y="4.5" textAnchor={fromClient ? 'end' : 'start'}>
              ?<title>{between.title}</title>
            </text>
          )}
        </svg>
      )}
      {number > 0 && (
        <text className="step-number" x={start} y={top + 4} textAnchor="middle">
          {number}
        </text>
      )}
    </svg>
  );
}

/** The heads of all arrows, defined once for each colour. */
export function ArrowHeads(): ReactNode {
  return (
    <svg className="ladder-markers" aria-hidden="true" width="0" height="0">
      <defs>
        {hues.map((hue) => (
          <marker
            key={hue}
            id={`ladder-head-${hue}`}
            className={`hue-${hue}`}
            markerUnits="userSpaceOnUse"
            markerWidth="11"
            markerHeight="10"
            refX="13"
            refY="5"
            orient="auto"
          >
            <path d="M0 0.6L10 5L0 9.4Z" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
