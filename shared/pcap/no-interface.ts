/** Interface index of a record that was captured on none (pcapng custom blocks). */
export const noInterface = 0xffff;
