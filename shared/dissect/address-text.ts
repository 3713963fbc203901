import { hexText, ipv4Text, ipv6GroupsText } from '../format/address.ts';
import { AddressKind, type AddressTable } from '../table/addresses.ts';

/** An address of the table as text; '' for id 0. */
export function addressText(addresses: AddressTable, id: number): string {
  switch (addresses.kind(id)) {
    case AddressKind.Ipv4:
      return ipv4Text(addresses.word(id, 0));
    case AddressKind.Ipv6: {
      const groups: number[] = [];
      for (let i = 0; i < 4; i++) groups.push(addresses.word(id, i) >>> 16, addresses.word(id, i) & 0xffff);
      return ipv6GroupsText(groups);
    }
    case AddressKind.Ether: {
      const high = addresses.word(id, 0);
      const low = addresses.word(id, 1);
      return hexText([high >>> 24, (high >>> 16) & 255, (high >>> 8) & 255, high & 255, low >>> 8, low & 255], ':');
    }
    default:
      return addresses.text(id);
  }
}
