import type { RowDensity } from '../../shared/model/settings.ts';

/** Height of a row of the long lists, in CSS pixels. */
export const rowHeights: Readonly<Record<RowDensity, number>> = { compact: 20, normal: 24, roomy: 28 };
