import type { Combine } from '../../shared/filter/combine.ts';
import type { Translate } from '../../shared/i18n/translate.ts';
import { temporaryHues } from '../../shared/model/colouring.ts';
import type { AppState, ContextMenuItem } from './state.ts';

const ways: readonly Combine[] = ['selected', 'not', 'and', 'or', 'andNot', 'orNot'];
const longest = 60;
const shortened = (filter: string): string => (filter.length > longest ? `${filter.slice(0, longest)}…` : filter);

/**
 * Entries for something on screen that a filter finds: apply or prepare it, alone or joined to the one there is, or
 * copy it. `filter` '' greys them out.
 */
export function filterMenuItems(t: Translate, actions: AppState, filter: string): readonly ContextMenuItem[] {
  const disabled = filter === '';
  const inWays = (apply: boolean): readonly ContextMenuItem[] =>
    ways.map((how) => entry(t, actions, filter, how, apply, false));
  return [
    { label: t('filter.use.apply'), disabled, separated: true, items: inWays(true) },
    { label: t('filter.use.prepare'), disabled, items: inWays(false) },
    {
      label: t('colouring.withFilter'),
      disabled,
      items: temporaryHues.map((_, i) => ({
        label: t('colouring.slot', { number: i + 1 }),
        run: () => actions.colourFilter(i + 1, filter),
      })),
    },
    { label: t('filter.copy'), shortcut: 'Ctrl+Shift+C', disabled, run: () => actions.copyText(filter) },
  ];
}

/**
 * One entry that leads to all the ways in which a filter can be applied or prepared: where a menu offers several
 * filters.
 */
export function filterMenuItem(t: Translate, actions: AppState, label: string, filter: string): ContextMenuItem {
  return {
    label,
    items: [
      ...ways.map((how) => entry(t, actions, filter, how, true, false)),
      ...ways.map((how, i) => entry(t, actions, filter, how, false, i === 0)),
      { label: t('filter.copy'), separated: true, run: () => actions.copyText(filter) },
    ],
  };
}

const entry = (
  t: Translate,
  actions: AppState,
  filter: string,
  how: Combine,
  apply: boolean,
  separated: boolean,
): ContextMenuItem => ({
  label: t(`filter.use.${how}`, {
    action: t(apply ? 'filter.use.apply' : 'filter.use.prepare'),
    filter: shortened(filter),
  }),
  separated,
  run: () => actions.joinFilter(filter, how, apply),
});
