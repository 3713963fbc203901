"""How connections open: O1 to O23 of ARCHITECTURE.md, as far as two kernels can be made to do it."""
import errno
import socket
import time

from .bridge import ACK, FIN, SYN
from .craft import segment
from .network import BEYOND, PORT, abort_on_close, run, set_sysctl
from .scenario import File, Stream, scenario

TCP_FASTOPEN_CONNECT = 30
# Bits of net.ipv4.tcp_fastopen: client and server; the client without a cookie; the server without a cookie.
FAST_OPEN, CLIENT_NO_COOKIE, SERVER_NO_COOKIE = 3, 4, 0x200
# Small segments keep the files small.
SMALL = [(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 400)]
LINES = b'The quick brown fox jumps over the lazy dog.\n' * 60


def syn(s):
    return s.syn and not s.ack


def syn_ack(s):
    return s.syn and s.ack


def to_server(s):
    return s.to == 'server'


def exchange(lab, client, server):
    """One line each way."""
    lab.settle()
    client.send(b'How do you open?\n')
    server.recv(100)
    server.send(b'With three segments.\n')
    client.recv(100)
    lab.settle()


def close_one_after_the_other(lab, first, second):
    """Four segments: the second side's program closes long after its kernel acknowledged the FIN."""
    first.close()
    lab.settle(0.15)
    second.close()
    lab.settle()


def send_lines(lab, client, server):
    client.send(LINES)
    left = len(LINES)
    while left > 0:
        left -= len(server.recv(left))
    lab.settle()
    close_one_after_the_other(lab, client, server)


def whole_connection(lab, **how):
    client, server = lab.connection(**how)
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


def begin(sock, address):
    """Asks for a connection and does not wait for it."""
    sock.setblocking(False)
    result = sock.connect_ex(address)
    if result not in (0, errno.EINPROGRESS):
        raise OSError(result, 'connect')
    sock.setblocking(True)


@scenario(
    {'third-ack-with-data': File('client', 'The client waits with its acknowledgment of the SYN+ACK until it has data to send with it.', Stream('O2', 'C1', 31, 'client'))}
)
def third_ack_with_data(lab):
    lab.record('client', 'third-ack-with-data')
    listener = lab.listener()
    client = lab.socket('client', 40001)
    # Off before the connection opens: the kernel expects the program to speak first and holds the ACK back.
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
    client.connect(lab.at('server'))
    client.send(b'Hello\n')
    server, _ = listener.accept()
    server.recv(6)
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario({'syn-lost': File('client', 'The first SYN was dropped on the way; it was sent again after one second.', Stream('O3 O1', 'C1', 31, 'client'))})
def syn_lost(lab):
    lab.record('client', 'syn-lost')
    lab.bridge.drop(syn, times=1)
    whole_connection(lab)


SYN_ACK_LOST = 'The SYN+ACK was dropped on the way until the client had sent its SYN again.'


@scenario(
    {
        'syn-ack-lost-client': File('client', SYN_ACK_LOST, Stream('O3 O1', 'C1', 31, 'client')),
        'syn-ack-lost-server': File('server', SYN_ACK_LOST, Stream('O4 O1', 'C1', 31, 'client')),
    }
)
def syn_ack_lost(lab):
    lab.record('client', 'syn-ack-lost-client')
    lab.record('server', 'syn-ack-lost-server')
    asked = []

    def too_early(s):
        if syn(s):
            asked.append(s)
        return syn_ack(s) and len(asked) < 2

    lab.bridge.drop(too_early)
    # The first SYN takes its time, so that the server's own timer does not run out together with the client's.
    lab.bridge.slow(syn, 0.3, times=1)
    whole_connection(lab)


THIRD_ACK_LOST = 'The ACK of the SYN+ACK was dropped on the way; nobody had data to send, so the server sent its SYN+ACK again.'


@scenario(
    {
        'third-ack-lost-client': File('client', THIRD_ACK_LOST, Stream('O4 O1', 'C1', 31, 'client')),
        'third-ack-lost-server': File('server', THIRD_ACK_LOST, Stream('O4 O1', 'C1', 31, 'client')),
    }
)
def third_ack_lost(lab):
    lab.record('client', 'third-ack-lost-client')
    lab.record('server', 'third-ack-lost-server')
    lab.bridge.drop(lambda s: to_server(s) and s.pure_ack, times=1)
    whole_connection(lab)


DATA_FOLLOWED = 'The ACK of the SYN+ACK was dropped on the way; the data that followed it acknowledges the same and opened the connection.'


@scenario(
    {
        'third-ack-lost-data-client': File('client', DATA_FOLLOWED, Stream('O1', 'C1', 31, 'client')),
        'third-ack-lost-data-server': File('server', DATA_FOLLOWED, Stream('O2', 'C1', 31, 'client')),
    }
)
def third_ack_lost_data(lab):
    lab.record('client', 'third-ack-lost-data-client')
    lab.record('server', 'third-ack-lost-data-server')
    lab.bridge.drop(lambda s: to_server(s) and s.pure_ack, times=1)
    listener = lab.listener()
    client = lab.socket('client', 40001)
    client.connect(lab.at('server'))
    client.send(b'Hello\n')
    server, _ = listener.accept()
    server.recv(6)
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario({'refused': File('client', 'Nobody listens on the port.', Stream('O5', '', 37))})
def refused(lab):
    lab.record('client', 'refused')
    try:
        lab.socket('client', 40001).connect(lab.at('server'))
    except ConnectionRefusedError:
        pass


@scenario({'refused-ipv6': File('client', 'Nobody listens on the port, over IPv6.', Stream('O5', '', 37))}, family=6)
def refused_ipv6(lab):
    lab.record('client', 'refused-ipv6')
    try:
        lab.socket('client', 40001).connect(lab.at('server'))
    except ConnectionRefusedError:
        pass


@scenario(
    {'no-answer': File('client', 'Every segment to the server was dropped; the client tried three times and gave up after seven seconds.', Stream('O6 O3', '', 1))},
    client={'tcp_syn_retries': 2},
)
def no_answer(lab):
    lab.record('client', 'no-answer')
    lab.bridge.drop(to_server)
    try:
        lab.socket('client', 40001).connect(lab.at('server'))
    except TimeoutError:
        pass


def ask_beyond(lab, kind):
    """The client asks for a host behind the server, whose routing table has a route of that kind for it."""
    host = '198.51.100.7' if lab.family == 4 else '2001:db8:ffff::7'
    run('ip', '-n', lab.names['client'], 'route', 'add', BEYOND[lab.family], 'via', lab.address['server'])
    run('ip', '-n', lab.names['server'], 'route', 'add', kind, BEYOND[lab.family])
    with lab.inside('server'):
        set_sysctl('net/ipv4/ip_forward' if lab.family == 4 else 'net/ipv6/conf/all/forwarding', 1)
    try:
        lab.socket('client', 40001).connect((host, PORT))
    except OSError:
        pass


@scenario({'icmp-unreachable': File('client', 'A router answers the SYN with ICMP host unreachable (an `unreachable` route).', Stream('O7', '', 1))}, client={'tcp_syn_retries': 1})
def icmp_unreachable(lab):
    lab.record('client', 'icmp-unreachable')
    ask_beyond(lab, 'unreachable')


@scenario(
    {'icmp-prohibited': File('client', 'A router answers the SYN with ICMP administratively prohibited (a `prohibit` route).', Stream('O7', '', 1))}, client={'tcp_syn_retries': 1}
)
def icmp_prohibited(lab):
    lab.record('client', 'icmp-prohibited')
    ask_beyond(lab, 'prohibit')


@scenario(
    {'icmp-prohibited-ipv6': File('client', 'A router answers the SYN with ICMPv6 administratively prohibited (a `prohibit` route).', Stream('O7', '', 1))},
    family=6,
    client={'tcp_syn_retries': 1},
)
def icmp_prohibited_ipv6(lab):
    lab.record('client', 'icmp-prohibited-ipv6')
    ask_beyond(lab, 'prohibit')


@scenario(
    {
        'old-duplicate-syn': File(
            'client',
            'The SYN of a given-up attempt was delayed and reached the server during the next attempt from the same port; the client refuses the answer to it (RFC 9293, figure 8).',
            Stream('O6', '', 1),
            Stream('O8 O3 O1 O16', 'C1', 63, 'client'),
        )
    }
)
def old_duplicate_syn(lab):
    lab.record('client', 'old-duplicate-syn')
    listener = lab.listener()
    old = lab.bridge.hold(syn)
    new = lab.bridge.hold(syn)
    given_up = lab.socket('client', 40001)
    begin(given_up, lab.at('server'))
    old.wait()
    given_up.close()
    client = lab.socket('client', 40001)
    begin(client, lab.at('server'))
    new.wait()
    old.release()
    server, _ = listener.accept()
    lab.settle()
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario(
    {'unsolicited-syn-ack': File('client', 'The capture began after the SYN; its sender had given up when the SYN+ACK came and answered with a reset.', Stream('O9', '', 32))}
)
def unsolicited_syn_ack(lab):
    lab.listener()
    answer = lab.bridge.hold(syn_ack)
    client = lab.socket('client', 40001)
    begin(client, lab.at('server'))
    answer.wait()
    client.close()
    lab.record('client', 'unsolicited-syn-ack')
    answer.release()


@scenario(
    {
        'old-duplicate-syn-passive': File(
            'client',
            'An old SYN reached the server when its sender had given up and was itself listening on that port; the SYN+ACK is answered with a reset (RFC 9293, figure 11).',
            Stream('O9', '', 32),
        )
    }
)
def old_duplicate_syn_passive(lab):
    lab.listener()
    old = lab.bridge.hold(syn)
    given_up = lab.socket('client', 40001)
    begin(given_up, lab.at('server'))
    old.wait()
    given_up.close()
    lab.socket('client', 40001, listen=8)
    lab.record('client', 'old-duplicate-syn-passive')
    old.release()


@scenario({'syn-not-captured': File('client', 'The capture began between the SYN and the SYN+ACK.', Stream('O9', 'C1', 28, 'client'))})
def syn_not_captured(lab):
    listener = lab.listener()
    answer = lab.bridge.hold(syn_ack)
    client = lab.socket('client', 40001)
    begin(client, lab.at('server'))
    answer.wait()
    lab.record('client', 'syn-not-captured')
    answer.release()
    server, _ = listener.accept()
    lab.settle()
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario(
    {'simultaneous-open': File('client', 'Both programs connect to each other from fixed ports at the same moment; the two SYNs cross on the way.', Stream('O10', 'C1', 31, 'client'))},
    delay=0.03,
)
def simultaneous_open(lab):
    lab.record('client', 'simultaneous-open')
    client = lab.socket('client', 40001)
    server = lab.socket('server', PORT)
    begin(client, lab.at('server'))
    begin(server, lab.at('client', 40001))
    lab.settle(0.2)
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario(
    {
        'half-open-discovered': File(
            'client',
            'The client lost its connection without a word and asks again from the same port; the server, which still has it open, answers with a challenge ACK '
            '(RFC 9293, figure 9; RFC 5961).',
            Stream('O1', 'C12', 15),
            Stream('O12 O3 O1 O16', 'C1', 63, 'client'),
        )
    }
)
def half_open_discovered(lab):
    lab.record('client', 'half-open-discovered')
    listener = lab.listener()
    client, server = lab.connection(listener=listener)
    exchange(lab, client, server)
    lab.forget(client)
    client, server = lab.connection(listener=listener)
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


SERVER_FORGOT = 'The server lost the connection without a word; the data that the client sends next is answered with a reset (RFC 9293, figure 10).'


@scenario(
    {
        'server-forgot': File('client', SERVER_FORGOT, Stream('O1', 'C15 C5', 47, 'server')),
        'server-forgot-late': File('client', f'{SERVER_FORGOT} The capture began just before that data.', Stream('O13 O20', 'C15 C5', 32, 'server')),
    }
)
def server_forgot(lab):
    lab.record('client', 'server-forgot')
    client, server = lab.connection()
    exchange(lab, client, server)
    lab.forget(server)
    lab.record('client', 'server-forgot-late')
    client.send(b'Are you there?\n')


@scenario(
    {'abandoned': File('client', 'The client gave up before the SYN+ACK came, and its kernel answers that with a reset, as in a SYN scan.', Stream('O14', 'C5', 35, 'client'))}, delay=0.03
)
def abandoned(lab):
    lab.record('client', 'abandoned')
    lab.listener()
    client = lab.socket('client', 40001)
    begin(client, lab.at('server'))
    client.close()


def fast_open_listener(lab):
    return lab.listener(options=[(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 8)])


def fast_open(lab, listener, port, text):
    """The kernel sends `text` with the SYN, or asks for a cookie where it has none."""
    client = lab.socket('client', port)
    client.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1)
    client.connect(lab.at('server'))
    client.send(text)
    server, _ = listener.accept()
    server.recv(100)
    return client, server


def fast_open_twice(lab, between=lambda: None):
    listener = fast_open_listener(lab)
    for port in (40001, 40002):
        client, server = fast_open(lab, listener, port, b'Hello\n')
        exchange(lab, client, server)
        close_one_after_the_other(lab, client, server)
        between()


@scenario(
    {
        'fast-open': File(
            'client',
            'The first connection asks for a fast-open cookie; the second sends the cookie and data with the SYN, and the server takes both.',
            Stream('O1 O15', 'C1', 31, 'client'),
            Stream('O15 O1', 'C1', 31, 'client', client=40002),
        )
    },
    client={'tcp_fastopen': FAST_OPEN},
    server={'tcp_fastopen': FAST_OPEN},
)
def fast_open_accepted(lab):
    lab.record('client', 'fast-open')
    fast_open_twice(lab)


@scenario(
    {
        'fast-open-ignored': File(
            'client',
            'The server gave a cookie and was then told not to do fast open: it ignores the data in the second SYN, and the third segment carries it again.',
            Stream('O1 O15', 'C1', 31, 'client'),
            Stream('O15 O2', 'C1', 31, 'client', client=40002),
        )
    },
    client={'tcp_fastopen': FAST_OPEN},
    server={'tcp_fastopen': FAST_OPEN},
)
def fast_open_ignored(lab):
    lab.record('client', 'fast-open-ignored')

    def switch_off():
        with lab.inside('server'):
            set_sysctl('net/ipv4/tcp_fastopen', 0)

    fast_open_twice(lab, switch_off)


@scenario(
    {
        'fast-open-aborted': File(
            'server',
            "Data and cookie came with the SYN; the server's program took the connection and aborted it (SO_LINGER 0) before the ACK of the SYN+ACK came.",
            Stream('O15 O23', 'C5', 47, 'server', client=40002),
        )
    },
    delay=0.03,
    client={'tcp_fastopen': FAST_OPEN},
    server={'tcp_fastopen': FAST_OPEN},
)
def fast_open_aborted(lab):
    listener = fast_open_listener(lab)
    client, server = fast_open(lab, listener, 40001, b'Hello\n')
    close_one_after_the_other(lab, client, server)
    lab.record('server', 'fast-open-aborted')
    _, server = fast_open(lab, listener, 40002, b'Hello\n')
    abort_on_close(server)
    server.close()
    lab.settle(0.15)


@scenario(
    {'syn-with-data': File('client', 'Data in the SYN without a fast-open cookie; the server takes it (net.ipv4.tcp_fastopen, bits 4 and 0x200).', Stream('O18 O1', 'C1', 31, 'client'))},
    client={'tcp_fastopen': FAST_OPEN | CLIENT_NO_COOKIE},
    server={'tcp_fastopen': FAST_OPEN | SERVER_NO_COOKIE},
)
def syn_with_data(lab):
    lab.record('client', 'syn-with-data')
    client, server = fast_open(lab, fast_open_listener(lab), 40001, b'Hello\n')
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario(
    {'syn-with-data-ignored': File('client', 'Data in the SYN without a fast-open cookie; the server ignores it and the third segment carries it again.', Stream('O18 O2', 'C1', 31, 'client'))},
    client={'tcp_fastopen': FAST_OPEN | CLIENT_NO_COOKIE},
    server={'tcp_fastopen': 0},
)
def syn_with_data_ignored(lab):
    lab.record('client', 'syn-with-data-ignored')
    client, server = fast_open(lab, lab.listener(), 40001, b'Hello\n')
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario(
    {
        'port-reused': File(
            'client',
            'The client closes first and, while it is in TIME-WAIT, connects again from the same port (net.ipv4.tcp_tw_reuse).',
            Stream('O1', 'C1', 31, 'client'),
            Stream('O1 O16', 'C1', 31, 'client'),
        )
    },
    client={'tcp_tw_reuse': 1},
)
def port_reused(lab):
    lab.record('client', 'port-reused')
    listener = lab.listener()
    whole_connection(lab, listener=listener)
    # The kernel waits a second before it takes a port out of TIME-WAIT.
    time.sleep(1.2)
    whole_connection(lab, listener=listener)


@scenario(
    {
        'time-wait-reopened': File(
            'client',
            'The server closes first; while it is in TIME-WAIT the client connects again from the same port, and the new SYN ends the TIME-WAIT.',
            Stream('O1', 'C1 C14', 31, 'server'),
            Stream('O1 O16', 'C1', 31, 'client'),
        )
    }
)
def time_wait_reopened(lab):
    lab.record('client', 'time-wait-reopened')
    listener = lab.listener()
    client, server = lab.connection(listener=listener)
    exchange(lab, client, server)
    close_one_after_the_other(lab, server, client)
    whole_connection(lab, listener=listener)


@scenario({'ecn-accepted': File('client', 'The client asks for ECN (RFC 3168) and the server takes it.', Stream('O1 O17', 'C1', 31, 'client'))}, client={'tcp_ecn': 1}, server={'tcp_ecn': 2})
def ecn_accepted(lab):
    lab.record('client', 'ecn-accepted')
    whole_connection(lab)


@scenario({'ecn-refused': File('client', 'The client asks for ECN (RFC 3168) and the server does not take it.', Stream('O1 O17', 'C1', 31, 'client'))}, client={'tcp_ecn': 1}, server={'tcp_ecn': 0})
def ecn_refused(lab):
    lab.record('client', 'ecn-refused')
    whole_connection(lab)


STUCK = 'Everything from the client but its SYN was dropped, so the server went on sending its SYN+ACK.'


@scenario(
    {'stuck-server': File('server', STUCK, Stream('O19 O4', '', 3)), 'stuck-client': File('client', STUCK, Stream('O4 O1', 'C12', 7))},
)
def stuck(lab):
    lab.record('server', 'stuck-server')
    lab.record('client', 'stuck-client')
    lab.bridge.drop(lambda s: to_server(s) and not syn(s))
    lab.listener()
    lab.socket('client', 40001).connect(lab.at('server'))
    time.sleep(3.5)


@scenario({'began-before': File('client', 'The capture began in the middle of the connection.', Stream('O20', 'C1', 28, 'client'))})
def began_before(lab):
    client, server = lab.connection()
    exchange(lab, client, server)
    lab.record('client', 'began-before')
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario(
    {'order-swapped': File('middle', "Two ports of a switch, each with a buffer of its own; every 20 ms the one of the server's port was read first.", Stream('O1 O21', 'C1', 28, 'client'))},
    delay=0,
)
def order_swapped(lab):
    lab.record('middle', 'order-swapped', batch=0.02)
    whole_connection(lab)


@scenario(
    {'captured-twice': File('mirror', 'Both ports of a switch, each with what goes in and what goes out: every packet is there twice.', Stream('O1 O22', 'C1', 31, 'client'))}, delay=0
)
def captured_twice(lab):
    lab.record('mirror', 'captured-twice')
    whole_connection(lab)


@scenario(
    {'burst-captured-twice': File('mirror', 'As captured-twice, with a burst of seven segments: other packets stand between a packet and its copy.', Stream('O1 O22', 'C1', 31, 'client'))},
    delay=0.0002,
)
def burst_captured_twice(lab):
    lab.record('mirror', 'burst-captured-twice')
    client, server = lab.connection(options=SMALL)
    send_lines(lab, client, server)


@scenario(
    {
        'aborted-by-server': File(
            'client',
            "Two programs connect at once and the server's queue has room for one: the third segment of the other is answered with a reset (net.ipv4.tcp_abort_on_overflow).",
            Stream('O1', 'C12', 7),
            Stream('O23', 'C5', 39, 'server', client=40002),
        )
    },
    server={'tcp_abort_on_overflow': 1},
)
def aborted_by_server(lab):
    lab.socket('server', PORT, listen=1)
    lab.socket('client', 40003).connect(lab.at('server'))
    lab.settle()
    lab.record('client', 'aborted-by-server')
    begin(lab.socket('client', 40001), lab.at('server'))
    begin(lab.socket('client', 40002), lab.at('server'))


@scenario({'syn-cookie': File('client', 'The server answers with a SYN cookie (net.ipv4.tcp_syncookies=2): it keeps nothing until the third segment comes.', Stream('O1', 'C1', 31, 'client'))}, server={'tcp_syncookies': 2})
def syn_cookie(lab):
    lab.record('client', 'syn-cookie')
    whole_connection(lab)


@scenario(
    {'options-declined': File('client', 'The client offers window scale, SACK and timestamps; the server takes none of them.', Stream('O1', 'C1', 31, 'client'))},
    server={'tcp_window_scaling': 0, 'tcp_sack': 0, 'tcp_timestamps': 0},
)
def options_declined(lab):
    lab.record('client', 'options-declined')
    whole_connection(lab)


@scenario(
    {
        'syn-scan': File(
            'server',
            "A script sends a SYN to an open and one to a closed port; the client's kernel, which asked for nothing, answers the SYN+ACK with a reset.",
            Stream('O14', 'C5', 35, 'client', client=40001),
            Stream('O5', '', 37, client=40002),
            kernel=('server',),
        )
    }
)
def syn_scan(lab):
    lab.record('server', 'syn-scan')
    lab.listener()
    for port, to in ((40001, PORT), (40002, PORT + 1)):
        lab.bridge.send('server', segment(lab, 'client', port, to, 0x5CA90000, 0, SYN))
        lab.settle()


@scenario(
    {
        'split-handshake': File(
            'client',
            'The server, a script, answers the SYN with a SYN of its own; the kernel of the client answers that with a SYN+ACK.',
            Stream('O11', 'C2', 31, 'client'),
            kernel=('client',),
        )
    }
)
def split_handshake(lab):
    # No kernel answers so: everything to the server goes to this script instead.
    lab.record('client', 'split-handshake')
    seen = lab.bridge.hold(to_server, times=None)
    own = 0x51D00000

    def answer(seq, ack, flags):
        lab.bridge.send('client', segment(lab, 'server', PORT, 40001, seq, ack, flags))

    client = lab.socket('client', 40001)
    begin(client, lab.at('server'))
    isn = seen.wait().seq
    answer(own, 0, SYN)
    syn_ack_of_client = seen.wait(2)
    if not syn_ack(syn_ack_of_client):
        raise RuntimeError('the kernel did not answer the SYN with a SYN+ACK')
    time.sleep(0.02)
    answer(own + 1, isn + 1, ACK)
    time.sleep(0.05)
    client.send(b'Hello\n')
    data = seen.wait(3)
    answer(own + 1, data.seq + data.length, ACK)
    time.sleep(0.05)
    client.close()
    fin = seen.wait(4)
    answer(own + 1, fin.seq + 1, FIN | ACK)
    seen.wait(5)
