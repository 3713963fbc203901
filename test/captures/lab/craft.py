"""TCP segments made by hand, for the few things that no kernel does. IPv4 only, without options."""
import socket
import struct

from .network import MAC


def checksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def segment(lab, sender, sport, dport, seq, ack, flags, identification=0):
    """The Ethernet frame of a segment without payload from `sender` to the other side."""
    other = 'server' if sender == 'client' else 'client'
    ends = socket.inet_aton(lab.address[sender]) + socket.inet_aton(lab.address[other])
    header = struct.pack('!HHIIBBHHH', sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 5 << 4, flags, 64240, 0, 0)
    total = checksum(ends + struct.pack('!BBH', 0, socket.IPPROTO_TCP, len(header)) + header)
    header = header[:16] + struct.pack('!H', total) + header[18:]
    ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(header), identification, 0x4000, 64, socket.IPPROTO_TCP, 0) + ends
    ip = ip[:10] + struct.pack('!H', checksum(ip)) + ip[12:]
    macs = bytes.fromhex(MAC[other].replace(':', '')) + bytes.fromhex(MAC[sender].replace(':', ''))
    return macs + b'\x08\x00' + ip + header
