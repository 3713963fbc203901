import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'neutral' | 'warn' | 'bad';
const icons: Readonly<Record<Tone, IconName>> = { good: 'check', neutral: 'unknown', warn: 'warn', bad: 'cross' };

/** How worried a reader should be: a shape in a disc, so that colour is never alone. */
export function ToneGlyph({ tone, size }: { readonly tone: Tone; readonly size: number }): ReactNode {
  return (
    <span className={`tone-glyph tone-${tone}`} style={{ width: size, height: size }} aria-hidden="true">
      <Icon name={icons[tone]} size={Math.round(size * 0.78)} />
    </span>
  );
}
