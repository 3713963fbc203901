interface Key {
  readonly key: string;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * Where a key moves the selection of a list; null for keys that do not move it. Nothing selected counts as just before
 * the first row.
 */
export function nextPosition(event: Key, selected: number, rowCount: number, page: number): number | null {
  if (rowCount === 0 || event.altKey || event.shiftKey) return null;
  const at = (position: number): number => Math.min(rowCount - 1, Math.max(0, position));
  switch (event.key) {
    case 'ArrowDown':
      return at(selected + 1);
    case 'ArrowUp':
      return at(selected < 0 ? 0 : selected - 1);
    case 'PageDown':
      return at(Math.max(0, selected) + page);
    case 'PageUp':
      return at(selected - page);
    case 'Home':
      return 0;
    case 'End':
      return rowCount - 1;
    default:
      return null;
  }
}
