/** Window scale of a direction (RFC 7323, section 2): a shift 0..14, or one of these. */
export const scaleUnknown = -1;
export const scaleUnused = -2;
