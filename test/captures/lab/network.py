"""Two hosts and a bridge between them, each a network namespace of its own. One process plays on both hosts: a socket stays where it was made."""
import contextlib
import ctypes
import os
import socket
import subprocess
import time

from .bridge import ETH_P_ALL, Bridge
from .recording import Recording, tap

CLONE_NEWNET = 0x40000000
SIDES = ('client', 'server')
MAC = {'client': '02:00:00:00:00:01', 'server': '02:00:00:00:00:02'}
ADDRESS = {4: {'client': '192.0.2.1', 'server': '192.0.2.2'}, 6: {'client': '2001:db8::1', 'server': '2001:db8::2'}}
# Networks behind the server that do not exist (RFC 5737, RFC 3849).
BEYOND = {4: '198.51.100.0/24', 6: '2001:db8:ffff::/48'}
SO_LINGER_ABORT = b'\x01\x00\x00\x00\x00\x00\x00\x00'
TCP_REPAIR = 19
PORT = 4242

libc = ctypes.CDLL(None, use_errno=True)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f'{" ".join(command)}: {done.stderr.strip()}')
    return done.stdout


class Lab:
    """`sysctl`: for 'client' and 'server' what to set under net.ipv4 (it rules IPv6's TCP too). `delay`: seconds one way."""

    def __init__(self, family=4, delay=0.005, mtu=1500, client=None, server=None):
        self.family = family
        self.address = ADDRESS[family]
        self.recordings, self.sockets, self.ports = [], [], {}
        self.names = {role: f'handshark-{role}-{os.getpid()}' for role in (*SIDES, 'bridge')}
        self.bridge = None
        self.home = os.open('/proc/self/ns/net', os.O_RDONLY)
        try:
            self._lay_wire(mtu, {'client': client or {}, 'server': server or {}})
            self.bridge = Bridge(self.ports, delay)
            self.bridge.start()
        except BaseException:
            self.close()
            raise

    def _lay_wire(self, mtu, sysctl):
        for name in self.names.values():
            run('ip', 'netns', 'add', name)
        for side in SIDES:
            other = 'server' if side == 'client' else 'client'
            name = self.names[side]
            # First of all, so that no interface ever speaks IPv6 on its own.
            for role in (side, 'bridge'):
                with self.inside(role):
                    for scope in ('all', 'default'):
                        ipv6 = self.family == 6 and role == side
                        set_sysctl(f'net/ipv6/conf/{scope}/disable_ipv6', 0 if ipv6 else 1)
                        set_sysctl(f'net/ipv6/conf/{scope}/accept_ra', 0)
            run('ip', '-n', name, 'link', 'add', 'name', 'wire', 'address', MAC[side], 'mtu', str(mtu), 'type', 'veth', 'peer', 'name', f'port-{side}', 'netns', self.names['bridge'])
            for namespace, interface in ((name, 'wire'), (self.names['bridge'], f'port-{side}')):
                # Without offloads a capture holds what a real wire would: whole checksums, one segment a packet.
                run('ip', 'netns', 'exec', namespace, 'ethtool', '-K', interface, 'tx', 'off', 'rx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off')
                run('ip', '-n', namespace, 'link', 'set', interface, 'mtu', str(mtu), 'up')
            run('ip', '-n', name, 'link', 'set', 'lo', 'up')
            prefix = '/24' if self.family == 4 else '/64'
            run('ip', '-n', name, 'address', 'add', self.address[side] + prefix, 'dev', 'wire', *([] if self.family == 4 else ['nodad']))
            # Neighbours are fixed, so that no ARP stands between the segments.
            run('ip', '-n', name, 'neighbour', 'replace', self.address[other], 'lladdr', MAC[other], 'dev', 'wire', 'nud', 'permanent')
            # The textbook back-off of a SYN, 1, 2, 4 … seconds: newer kernels repeat the first ones every second.
            settings = {'tcp_syn_linear_timeouts': 0, 'tcp_no_metrics_save': 1, **sysctl[side]}
            with self.inside(side):
                for key, value in settings.items():
                    set_sysctl(f'net/ipv4/{key}', value)
            with self.inside('bridge'):
                self.ports[side] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
                self.ports[side].bind((f'port-{side}', ETH_P_ALL))

    @contextlib.contextmanager
    def inside(self, role):
        """This thread is in the namespace of `role`: sockets made here belong to it."""
        there = os.open(f'/run/netns/{self.names[role]}', os.O_RDONLY)
        try:
            enter(there)
            yield
        finally:
            enter(self.home)
            os.close(there)

    def socket(self, side, port=0, listen=None):
        """A TCP socket of that side, bound to its address and `port`; `listen`: the length of the queue."""
        with self.inside(side):
            sock = socket.socket(socket.AF_INET if self.family == 4 else socket.AF_INET6, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((self.address[side], port))
        if listen is not None:
            sock.listen(listen)
        self.sockets.append(sock)
        return sock

    def listener(self, port=PORT, options=()):
        sock = self.socket('server', port)
        for option in options:
            sock.setsockopt(*option)
        sock.listen(8)
        return sock

    def at(self, side, port=PORT):
        return (self.address[side], port)

    def connection(self, port=40001, listener=None, options=()):
        """An open connection: (client's socket, server's socket). The third ACK has arrived."""
        listener = listener or self.listener()
        client = self.socket('client', port)
        for option in options:
            client.setsockopt(*option)
        client.connect(self.at('server', listener.getsockname()[1]))
        server, _ = listener.accept()
        self.sockets.append(server)
        self.settle()
        return client, server

    def forget(self, sock):
        """The side loses the connection without a word, as after a power cut: a socket under repair is closed silently."""
        sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        sock.close()

    def kill(self, side, *filter):
        """The administrator destroys connections: the kernel sends a reset for each."""
        with self.inside(side):
            run('ss', '-K', '-tn', *filter)

    def record(self, where, name, batch=None):
        """
        Captures from now on. `where`: 'client' or 'server' (that host's interface), 'middle' (what arrives at the bridge, before it decides),
        'mirror' (both ports of the bridge, in and out: every packet twice).
        """
        if where in SIDES:
            with self.inside(where):
                taps = [(where, tap('wire'))]
        else:
            with self.inside('bridge'):
                taps = [(f'port to the {side}', tap(f'port-{side}')) for side in SIDES]
        recording = Recording(name, taps, both_ways=where != 'middle', batch=batch)
        self.recordings.append(recording)
        time.sleep(0.05)
        return recording

    def settle(self, quiet=0.08):
        self.bridge.settle(quiet)

    def close(self):
        for recording in self.recordings:
            recording.finish()
        if self.bridge is not None:
            self.bridge.stop()
        for sock in [*self.sockets, *self.ports.values()]:
            sock.close()
        for name in self.names.values():
            subprocess.run(['ip', 'netns', 'del', name], capture_output=True)
        os.close(self.home)


def enter(namespace):
    if libc.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), 'setns')


def set_sysctl(path, value):
    with open(f'/proc/sys/{path}', 'w') as file:
        file.write(str(value))


def abort_on_close(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, SO_LINGER_ABORT)
