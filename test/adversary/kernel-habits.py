#!/usr/bin/env python3
"""Asks the real kernel what endpoint.ts does of itself: a namespace of its own, a TUN device, segments written by hand.

    unshare -n python3 test/adversary/kernel-habits.py

Prints one line for each question: what was expected, what came. Needs root and /dev/net/tun.
"""
import fcntl
import os
import select
import socket
import struct
import subprocess
import time

HOST, PEER = '10.99.0.1', '10.99.0.2'
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def checksum(data: bytes) -> int:
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Wire:
    """What a peer without a kernel sends and gets."""

    def __init__(self) -> None:
        self.tun = os.open('/dev/net/tun', os.O_RDWR)
        fcntl.ioctl(self.tun, 0x400454CA, struct.pack('16sH', b'tun0', 0x1001))
        for command in ('ip link set lo up', f'ip addr add {HOST}/24 dev tun0', 'ip link set tun0 up'):
            subprocess.run(command.split(), check=True)

    def send(self, sport, dport, flags, seq, ack=0, data=b'', window=65000) -> None:
        addresses = socket.inet_aton(PEER) + socket.inet_aton(HOST)
        tcp = struct.pack('!HHIIBBHHH', sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, window, 0, 0) + data
        tcp = tcp[:16] + struct.pack('!H', checksum(addresses + struct.pack('!HH', 6, len(tcp)) + tcp)) + tcp[18:]
        head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(tcp), 7, 0x4000, 64, 6, 0) + addresses
        head = head[:10] + struct.pack('!H', checksum(head)) + head[12:]
        os.write(self.tun, head + tcp)

    def get(self, wait=0.4, to=None):
        """TCP segments that come within a while, as dictionaries; `to`: for that port only, since what is left half done is sent again."""
        found, until = [], time.monotonic() + wait
        while (left := until - time.monotonic()) > 0 and select.select([self.tun], [], [], left)[0]:
            packet = os.read(self.tun, 2048)
            if packet[0] >> 4 != 4 or packet[9] != 6:
                continue
            sport, dport, seq, ack, offset, flags, window = struct.unpack('!HHIIBBH', packet[20:36])
            if to not in (None, dport):
                continue
            found.append({
                'id': struct.unpack('!H', packet[4:6])[0], 'ttl': packet[8], 'sport': sport, 'seq': seq, 'ack': ack if flags & ACK else None,
                'flags': flags & 0x1F, 'window': window, 'length': len(packet) - 20 - (offset >> 4) * 4,
            })
        return found


def tell(question: str, expected: bool, came) -> None:
    print(f"{'as expected' if expected else 'OTHERWISE  '}  {question}: {came}")


def replies(got):
    """Without what a timer sent in between."""
    return [one for one in got if not one['flags'] & SYN]


def opened(wire: Wire, server: socket.socket, sport: int, iss: int):
    port = server.getsockname()[1]
    wire.send(sport, port, SYN, iss)
    answer = wire.get()[0]
    wire.send(sport, port, ACK, iss + 1, answer['seq'] + 1)
    return server.accept()[0], answer, port


def main() -> None:
    wire = Wire()
    wire.get(0.5)
    server = socket.create_server((HOST, 0))
    port = server.getsockname()[1]

    wire.send(1000, 9, SYN, 500)
    [rst] = wire.get()
    tell('a SYN to a closed port: RST+ACK, Seq 0, Ack SYN+1, id 0, window 0', (rst['flags'], rst['seq'], rst['ack'], rst['id'], rst['window']) == (RST | ACK, 0, 501, 0, 0), rst)
    wire.send(1001, 9, ACK, 500, 900)
    [rst] = wire.get()
    tell('an ACK of no connection: RST without ACK, Seq its Ack, id 0', (rst['flags'], rst['seq'], rst['ack'], rst['id']) == (RST, 900, None, 0), rst)

    conn, synack, _ = opened(wire, server, 1002, 10_000)
    tell('a SYN+ACK of the listener: id 0', synack['id'] == 0, synack)
    wire.send(1002, port, RST, 10_101)
    got = wire.get(to=1002)
    tell('a reset ahead in the window: a challenge ACK', [(one['flags'], one['ack']) for one in got] == [(ACK, 10_001)], got)
    time.sleep(0.6)
    wire.send(1002, port, SYN, 77_777)
    got = wire.get(to=1002)
    tell('a SYN on an open connection: a challenge ACK', [(one['flags'], one['ack']) for one in got] == [(ACK, 10_001)], got)
    wire.send(1002, port, RST, 10_001)
    got = wire.get(to=1002)
    wire.send(1002, port, ACK, 10_001, synack['seq'] + 1)
    after = wire.get(to=1002)
    tell('the exact reset ends it without a word', got == [] and [one['flags'] for one in after] == [RST], after)

    conn, synack, _ = opened(wire, server, 1003, 20_000)
    wire.send(1003, port, ACK | PSH, 20_001, synack['seq'] + 1, b'unread')
    wire.get(to=1003)
    conn.close()
    got = wire.get(to=1003)
    tell('close with unread data: RST+ACK with SND.NXT', [(one['flags'], one['seq'], one['ack']) for one in got] == [(RST | ACK, synack['seq'] + 1, 20_007)], got)

    conn, synack, _ = opened(wire, server, 1004, 30_000)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    conn.close()
    got = wire.get(to=1004)
    tell('SO_LINGER 0: RST+ACK with SND.NXT', [(one['flags'], one['seq']) for one in got] == [(RST | ACK, synack['seq'] + 1)], got)

    conn, synack, _ = opened(wire, server, 1005, 40_000)
    conn.close()
    wire.get(to=1003)
    wire.send(1005, port, ACK, 40_001, synack['seq'] + 2)
    wire.send(1005, port, ACK | PSH, 40_001, synack['seq'] + 2, b'late')
    got = wire.get(to=1005)
    tell('data after close: RST without ACK, Seq its Ack', [(one['flags'], one['seq']) for one in got] == [(RST, synack['seq'] + 2)], got)

    conn, synack, _ = opened(wire, server, 1006, 50_000)
    conn.close()
    wire.get(to=1005)
    wire.send(1006, port, ACK | FIN, 50_001, synack['seq'] + 2)
    got = wire.get(to=1006)
    tell('FIN and the ACK of the own one at once: the last ACK still with an id of its own', [(one['flags'], one['ack'], one['id'] != 0) for one in got] == [(ACK, 50_002, True)], got)
    wire.send(1006, port, ACK | FIN, 50_001, synack['seq'] + 2)
    got = wire.get(to=1006)
    tell('the FIN again, in TIME-WAIT: an ACK with id 0', [(one['flags'], one['ack'], one['id']) for one in got] == [(ACK, 50_002, 0)], got)

    conn, synack, _ = opened(wire, server, 1008, 80_000)
    conn.close()
    wire.get(to=1008)
    wire.send(1008, port, ACK, 80_001, synack['seq'] + 2)
    wire.get(to=1008)
    wire.send(1008, port, ACK | FIN, 80_001, synack['seq'] + 2)
    got = wire.get(to=1008)
    tell('the FIN after a while in FIN-WAIT-2: the last ACK with id 0', [(one['flags'], one['ack'], one['id']) for one in got] == [(ACK, 80_002, 0)], got)
    wire.send(1006, port, SYN, 40_000)
    got = wire.get(to=1006)
    tell('a SYN below what TIME-WAIT expects: an ACK with its numbers', [(one['flags'], one['ack']) for one in got] == [(ACK, 50_002)], got)
    wire.send(1006, port, SYN, 60_000)
    got = wire.get(to=1006)
    tell('a SYN above it: a new connection', [(one['flags'], one['ack']) for one in got] == [(SYN | ACK, 60_001)], got)

    wire.send(1007, port, SYN, 70_000)
    first = wire.get(to=1007)[0]
    time.sleep(0.2)
    wire.send(1007, port, SYN, 70_000)
    again = wire.get(to=1007)
    tell('the same SYN again: the same SYN+ACK', [(one['flags'], one['seq']) for one in again] == [(SYN | ACK, first['seq'])], again)
    wire.send(1007, port, SYN, 71_000)
    other = wire.get(to=1007)
    tell('another SYN in the window while the first is half done: RST+ACK', [(one['flags'], one['ack']) for one in other] == [(RST | ACK, 71_001)], other)
    wire.send(1009, port, SYN, 90_000)
    wire.get(to=1009)
    wire.send(1009, port, SYN, 900_000)
    other = wire.get(to=1009)
    tell('another SYN outside the window: an ACK', [(one['flags'], one['ack']) for one in other] == [(ACK, 90_001)], other)
    wire.send(1009, port, ACK | PSH, 91_000, 12345, b'x')
    other = wire.get(to=1009)
    tell('an ACK of something else while half done: RST with that number', [(one['flags'], one['seq']) for one in replies(other)] == [(RST, 12345)], other)

    client = socket.socket()
    client.setblocking(False)
    client.connect_ex((PEER, 4444))
    [syn] = wire.get(to=4444)
    wire.send(4444, syn['sport'], SYN | ACK, 1, syn['seq'] + 9)
    got = wire.get(to=4444)
    tell('a SYN+ACK that acknowledges something else: RST with that number', [(one['flags'], one['seq']) for one in replies(got)] == [(RST, (syn['seq'] + 9) & 0xFFFFFFFF)], got)
    wire.send(4444, syn['sport'], ACK, 1, syn['seq'] - 500)
    got = wire.get(to=4444)
    tell('a challenge ACK in SYN-SENT: RST with that number', [(one['flags'], one['seq']) for one in replies(got)] == [(RST, (syn['seq'] - 500) & 0xFFFFFFFF)], got)
    wire.send(4444, syn['sport'], RST, 0)
    time.sleep(0.1)
    got = wire.get(1.2, to=4444)
    tell('a reset without acknowledgment in SYN-SENT is passed over: the SYN again', {one['flags'] for one in got} == {SYN}, got)
    wire.send(4444, syn['sport'], SYN, 5000)
    got = wire.get(to=4444)
    tell('a SYN in SYN-SENT: SYN+ACK with the same number', [(one['flags'], one['seq'], one['ack']) for one in got] == [(SYN | ACK, syn['seq'], 5001)], got)
    wire.send(4444, syn['sport'], SYN | ACK, 5000, syn['seq'] + 1)
    got = wire.get(to=4444)
    tell('then its SYN+ACK: an ACK', [(one['flags'], one['ack']) for one in got] == [(ACK, 5001)], got)


main()
