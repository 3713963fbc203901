import { RowTint } from '../../../shared/model/packet.ts';

/** Colour and letter of a row: the letter says the same without colour. */
export interface TintLook {
  readonly name: 'syn' | 'syn-ack' | 'ack' | 'fin' | 'rst' | 'data' | 'udp' | 'icmp' | 'arp' | 'bad';
  readonly letter: string;
}

const looks: Readonly<Record<RowTint, TintLook | null>> = {
  [RowTint.None]: null,
  [RowTint.Syn]: { name: 'syn', letter: 'S' },
  [RowTint.SynAck]: { name: 'syn-ack', letter: 'SA' },
  [RowTint.Ack]: { name: 'ack', letter: 'A' },
  [RowTint.Fin]: { name: 'fin', letter: 'F' },
  [RowTint.Rst]: { name: 'rst', letter: 'R' },
  [RowTint.Data]: { name: 'data', letter: 'D' },
  [RowTint.Udp]: { name: 'udp', letter: 'U' },
  [RowTint.Icmp]: { name: 'icmp', letter: 'I' },
  [RowTint.Arp]: { name: 'arp', letter: 'ARP' },
  [RowTint.Bad]: { name: 'bad', letter: '!' },
};

export function tintLook(tint: number): TintLook | null {
  return looks[tint as RowTint] ?? null;
}
