"""What happens in between: keep-alives, windows, loss and order."""
import socket
import time

from .opening import LINES, SMALL, close_one_after_the_other, exchange, send_lines, to_server
from .scenario import File, Stream, scenario

# After a second of silence a probe each second, three of them.
KEEP_ALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
]


def data_to_server(segment):
    return to_server(segment) and segment.length > 0


@scenario({'keep-alive-answered': File('client', 'The client probes the idle connection each second and the server answers; the capture ended while it was open.', Stream('O1', 'C12', 15))})
def keep_alive_answered(lab):
    lab.record('client', 'keep-alive-answered')
    client, server = lab.connection(options=KEEP_ALIVE)
    exchange(lab, client, server)
    time.sleep(2.5)


@scenario({'keep-alive-unanswered': File('client', 'Three keep-alive probes were dropped on the way; the client gives up with a reset.', Stream('O1', 'C5', 47, 'client'))})
def keep_alive_unanswered(lab):
    lab.record('client', 'keep-alive-unanswered')
    client, server = lab.connection(options=KEEP_ALIVE)
    exchange(lab, client, server)
    lab.bridge.drop(to_server)
    time.sleep(5)


@scenario({'keep-alive-refused': File('client', 'The server lost the connection without a word and answers the keep-alive probe with a reset.', Stream('O1', 'C15 C5', 47, 'server'))})
def keep_alive_refused(lab):
    lab.record('client', 'keep-alive-refused')
    client, server = lab.connection(options=KEEP_ALIVE)
    exchange(lab, client, server)
    lab.forget(server)
    time.sleep(1.3)


@scenario(
    {'zero-window': File('client', 'The server does not read until its window is closed and the client has probed it; then it reads, opens the window and gets the rest.', Stream('O1', 'C1', 31, 'client'))}
)
def zero_window(lab):
    lab.record('client', 'zero-window')
    listener = lab.listener(options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
    client, server = lab.connection(listener=listener, options=[(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)])
    client.send(LINES * 4)
    time.sleep(1.5)
    left = len(LINES) * 4
    while left > 0:
        left -= len(server.recv(left))
    lab.settle()
    close_one_after_the_other(lab, client, server)


@scenario({'retransmission-timeout': File('client', 'A segment with data and its first repetition were dropped on the way.', Stream('O1', 'C1', 31, 'client'))})
def retransmission_timeout(lab):
    lab.record('client', 'retransmission-timeout')
    client, server = lab.connection()
    lab.bridge.drop(data_to_server, times=2)
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario({'fast-retransmission': File('client', 'One of seven segments was dropped on the way; the duplicate ACKs with SACK make the client send it again at once.', Stream('O1', 'C1', 31, 'client'))})
def fast_retransmission(lab):
    lab.record('client', 'fast-retransmission')
    client, server = lab.connection(options=SMALL)
    count = iter(range(1, 100))
    lab.bridge.drop(lambda s: data_to_server(s) and next(count) == 2)
    send_lines(lab, client, server)


@scenario({'spurious-retransmission': File('client', 'A segment with data was delayed for a second; the client sent it again, and the server reports the second copy (D-SACK).', Stream('O1', 'C1', 31, 'client'))})
def spurious_retransmission(lab):
    lab.record('client', 'spurious-retransmission')
    client, server = lab.connection(options=SMALL)
    lab.bridge.slow(data_to_server, 1, times=1)
    exchange(lab, client, server)
    time.sleep(1)
    close_one_after_the_other(lab, client, server)


@scenario({'out-of-order': File('server', 'Two segments with data changed places on the way.', Stream('O1', 'C1', 31, 'client'))})
def out_of_order(lab):
    lab.record('server', 'out-of-order')
    client, server = lab.connection(options=SMALL)
    lab.bridge.swap(data_to_server)
    send_lines(lab, client, server)


@scenario({'peer-vanished': File('client', 'From one moment on nothing came through to the server: the client sends its data again and again, until the capture ends.', Stream('O1', 'C12', 15))})
def peer_vanished(lab):
    lab.record('client', 'peer-vanished')
    client, server = lab.connection()
    exchange(lab, client, server)
    lab.bridge.drop(to_server)
    client.send(b'Are you there?\n')
    time.sleep(3)
