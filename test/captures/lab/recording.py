"""A capture at one point of the lab, written as pcapng. The kernel stamps the time; nothing is known about the machine in the file."""
import socket
import struct
import threading
import time

from .bridge import ETH_P_ALL, transport

SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
ICMP, ICMPV6 = 1, 58


def tap(interface):
    """An AF_PACKET socket of the current network namespace that sees what goes in and out of `interface`."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.bind((interface, ETH_P_ALL))
    sock.setblocking(False)
    return sock


def wanted(frame):
    """TCP, and the ICMP errors that speak of it. Neighbour and group messages are left out."""
    protocol, at = transport(frame)
    if protocol == socket.IPPROTO_TCP:
        return True
    if protocol == ICMP:
        return frame[at] == 3
    return protocol == ICMPV6 and frame[at] < 128


class Recording:
    """
    `taps`: (name, socket) of each interface. `both_ways`: of a bridge port also what leaves by it; without it only what arrives there.
    The sockets keep the packets until `finish`, which puts them in order of time. With `batch` they are instead emptied one after the other,
    the last named first, every `batch` seconds, as a device does that has a buffer for each port: then the file has the order of reading.
    """

    def __init__(self, name, taps, both_ways, batch=None):
        self.name, self.taps, self.both_ways, self.batch = name, taps, both_ways, batch
        self.packets, self.done = [], False
        self.reader = None
        if batch is not None:
            self.reader = threading.Thread(target=self._read_in_batches, daemon=True)
            self.reader.start()

    def _drain(self, index):
        while True:
            try:
                frame, ancillary, _, address = self.taps[index][1].recvmsg(65536, 64)
            except BlockingIOError:
                return
            if address[2] == socket.PACKET_OUTGOING and not self.both_ways:
                continue
            seconds, nanos = next((struct.unpack('qq', data) for level, kind, data in ancillary if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS), (0, 0))
            if seconds == 0:
                raise RuntimeError('a packet came without a time')
            if wanted(frame):
                self.packets.append((seconds * 10**9 + nanos, index, frame))

    def _read_in_batches(self):
        while not self.done:
            time.sleep(self.batch)
            for index in reversed(range(len(self.taps))):
                self._drain(index)

    def finish(self):
        """Ends the capture; the packets can be written later."""
        if self.done:
            return
        self.done = True
        if self.reader is not None:
            self.reader.join()
        for index in reversed(range(len(self.taps))):
            self._drain(index)
        if self.batch is None:
            self.packets.sort(key=lambda packet: packet[0])
        for _, sock in self.taps:
            sock.close()

    def write(self, path, comment):
        blocks = [block(0x0A0D0D0A, struct.pack('<IHHq', 0x1A2B3C4D, 1, 0, -1) + option(1, comment.encode()) + option(0, b''))]
        for name, _ in self.taps:
            # Ethernet, no limit of length, nanoseconds.
            blocks.append(block(1, struct.pack('<HHI', 1, 0, 0) + option(2, name.encode()) + option(9, b'\x09') + option(0, b'')))
        for stamp, index, frame in self.packets:
            head = struct.pack('<IIIII', index, stamp >> 32, stamp & 0xFFFFFFFF, len(frame), len(frame))
            blocks.append(block(6, head + padded(frame)))
        with open(path, 'wb') as file:
            file.write(b''.join(blocks))


def padded(data):
    return data + bytes(-len(data) % 4)


def option(code, value):
    return struct.pack('<HH', code, len(value)) + padded(value)


def block(kind, body):
    length = len(body) + 12
    return struct.pack('<II', kind, length) + body + struct.pack('<I', length)
