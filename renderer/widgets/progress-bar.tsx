import type { ReactNode } from 'react';

interface Props {
  readonly label: string;
  /** From 0 to 1. */
  readonly share: number;
  /** How far it is in words, where a percentage says too little. */
  readonly text?: string;
}

export function ProgressBar({ label, share, text }: Props): ReactNode {
  return (
    <span
      role="progressbar"
      tabIndex={-1}
      className="progress"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      aria-valuetext={text}
    >
      <span className="progress-fill" style={{ width: `${share * 100}%` }} />
    </span>
  );
}
