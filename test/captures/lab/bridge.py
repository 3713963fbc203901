"""A bridge of two ports in user space that forwards Ethernet frames, and drops, delays, holds, repeats and swaps TCP segments by rule."""
import heapq
import itertools
import os
import select
import socket
import struct
import threading
import time

ETH_P_ALL = 3
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


class Segment:
    """The TCP header of a frame, and where the frame is going ('client' or 'server')."""

    def __init__(self, to, frame, at):
        self.to = to
        self.frame = frame
        self.sport, self.dport, self.seq, self.ack_number, offset, self.flags = struct.unpack_from('!HHIIBB', frame, at)
        ip_end = 14 + (struct.unpack_from('!H', frame, 16)[0] if frame[12:14] == b'\x08\x00' else 40 + struct.unpack_from('!H', frame, 18)[0])
        self.length = ip_end - at - (offset >> 4) * 4
        self.fin, self.syn, self.rst, self.ack = (bool(self.flags & bit) for bit in (FIN, SYN, RST, ACK))

    @property
    def pure_ack(self):
        return self.flags & (FIN | SYN | RST) == 0 and self.length == 0


def transport(frame):
    """(IP protocol, offset of its header) of a frame; (None, 0) where it is not IP. Extension headers do not occur in the lab."""
    if frame[12:14] == b'\x08\x00':
        return frame[23], 14 + (frame[14] & 15) * 4
    if frame[12:14] == b'\x86\xdd':
        return frame[20], 54
    return None, 0


class Rule:
    def __init__(self, match, act, times):
        self.match, self.act, self.left = match, act, times


class Held:
    """Frames that a rule keeps back until they are released."""

    def __init__(self, bridge):
        self.bridge, self.frames, self.came = bridge, [], threading.Condition()

    def keep(self, segment):
        with self.came:
            self.frames.append(segment)
            self.came.notify()

    def wait(self, count=1):
        """Until so many frames were kept; answers the last of them."""
        with self.came:
            if not self.came.wait_for(lambda: len(self.frames) >= count, timeout=20):
                raise RuntimeError(f'{len(self.frames)} of {count} segments came')
            return self.frames[count - 1]

    def release(self):
        for segment in self.frames:
            self.bridge.send(segment.to, segment.frame)
        self.frames = []


class Bridge(threading.Thread):
    """`ports`: for 'client' and 'server' the AF_PACKET socket bound to the port that leads there. `delay`: seconds one way, for every frame."""

    def __init__(self, ports, delay):
        super().__init__(daemon=True)
        self.ports, self.delay, self.rules = ports, delay, []
        self.queue, self.order, self.swapping = [], itertools.count(), {}
        self.busy = time.monotonic()
        self.stop_read, self.stop_write = os.pipe()

    # Rules, in order: the first that matches a segment decides. `times`: how many segments it takes, None all.
    def drop(self, match, times=None):
        return self._add(match, lambda segment: None, times)

    def slow(self, match, seconds, times=None):
        return self._add(match, lambda segment: self._later(segment.to, segment.frame, seconds), times)

    def repeat(self, match, after, times=1):
        """Forwards the segment, and a copy of it `after` seconds."""

        def act(segment):
            self._later(segment.to, segment.frame, self.delay)
            self._later(segment.to, segment.frame, self.delay + after)

        return self._add(match, act, times)

    def hold(self, match, times=1):
        held = Held(self)
        self._add(match, held.keep, times)
        return held

    def watch(self, match):
        """Forwards the segments and remembers them."""
        held = Held(self)

        def act(segment):
            held.keep(segment)
            self._later(segment.to, segment.frame, self.delay)

        self._add(match, act, None)
        return held

    def swap(self, match, times=1):
        """Keeps the segment until the next one in its direction has gone."""
        return self._add(match, lambda segment: self.swapping.__setitem__(segment.to, segment.frame), times)

    def remove(self, rule):
        self.rules.remove(rule)

    def _add(self, match, act, times):
        rule = Rule(match, act, times)
        self.rules.append(rule)
        return rule

    def send(self, to, frame):
        self.busy = time.monotonic()
        self.ports[to].send(frame)

    def _later(self, to, frame, seconds):
        heapq.heappush(self.queue, (time.monotonic() + seconds, next(self.order), to, frame))

    def _arrived(self, to, frame):
        self.busy = time.monotonic()
        protocol, at = transport(frame)
        if protocol == socket.IPPROTO_TCP:
            segment = Segment(to, frame, at)
            for rule in list(self.rules):
                if (rule.left is None or rule.left > 0) and rule.match(segment):
                    if rule.left is not None:
                        rule.left -= 1
                    rule.act(segment)
                    return
        self._later(to, frame, self.delay)
        if to in self.swapping:
            self._later(to, self.swapping.pop(to), self.delay)

    def run(self):
        sockets = {self.ports['client']: 'server', self.ports['server']: 'client'}
        while True:
            wait = max(0, self.queue[0][0] - time.monotonic()) if self.queue else 1
            ready, _, _ = select.select([*sockets, self.stop_read], [], [], wait)
            if self.stop_read in ready:
                return
            for port in ready:
                frame, address = port.recvfrom(65536)
                if address[2] != socket.PACKET_OUTGOING:
                    self._arrived(sockets[port], frame)
            while self.queue and self.queue[0][0] <= time.monotonic():
                _, _, to, frame = heapq.heappop(self.queue)
                self.send(to, frame)

    def settle(self, quiet=0.08):
        """Waits until nothing is under way and nothing has come for `quiet` seconds, counted from now."""
        start = time.monotonic()
        while self.queue or time.monotonic() - max(start, self.busy) < quiet:
            time.sleep(0.01)

    def stop(self):
        os.write(self.stop_write, b'.')
        self.join()
        os.close(self.stop_read)
        os.close(self.stop_write)
