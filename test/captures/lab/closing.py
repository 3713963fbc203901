"""How connections close: C1 to C15 of ARCHITECTURE.md."""
import socket
import time

from .bridge import RST
from .craft import segment
from .network import PORT, abort_on_close
from .opening import close_one_after_the_other, exchange, to_server, whole_connection
from .scenario import File, Stream, scenario


def fin_from_client(s):
    return s.fin and to_server(s)


@scenario(
    {'four-segments': File('client', 'Three segments open; the client closes first, the server 150 ms after its kernel acknowledged the FIN.', Stream('O1', 'C1', 31, 'client'))}
)
def four_segments(lab):
    lab.record('client', 'four-segments')
    whole_connection(lab)


@scenario({'three-segments': File('client', 'The client closes first and the server at once when it learns of it: ACK and FIN in one segment.', Stream('O1', 'C2', 31, 'client'))})
def three_segments(lab):
    lab.record('client', 'three-segments')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.close()
    server.recv(1)
    server.close()


@scenario({'three-segments-ipv6': File('server', 'Over IPv6: the server closes first and the client at once when it learns of it.', Stream('O1', 'C2', 31, 'server'))}, family=6)
def three_segments_ipv6(lab):
    lab.record('server', 'three-segments-ipv6')
    client, server = lab.connection()
    exchange(lab, client, server)
    server.close()
    client.recv(1)
    client.close()


@scenario({'half-close': File('client', 'The client sends its FIN (shutdown) and reads on; the server sends three more lines and then closes.', Stream('O1', 'C3 C1', 31, 'client'))})
def half_close(lab):
    lab.record('client', 'half-close')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.shutdown(socket.SHUT_WR)
    for line in (b'one\n', b'two\n', b'three\n'):
        lab.settle(0.15)
        server.send(line)
    lab.settle()
    server.close()


@scenario({'simultaneous-close': File('client', 'Both programs close at the same moment; the two FINs cross on the way.', Stream('O1', 'C4', 31, 'both'))}, delay=0.03)
def simultaneous_close(lab):
    lab.record('client', 'simultaneous-close')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.close()
    server.close()


@scenario({'reset-unread': File('client', 'The client closes without having read what the server sent: its kernel sends a reset.', Stream('O1', 'C5', 47, 'client'))})
def reset_unread(lab):
    lab.record('client', 'reset-unread')
    client, server = lab.connection()
    server.send(b'Nobody reads this.\n')
    lab.settle()
    client.close()


@scenario({'reset-linger': File('client', 'The server aborts the connection (SO_LINGER 0).', Stream('O1', 'C5', 47, 'server'))})
def reset_linger(lab):
    lab.record('client', 'reset-linger')
    client, server = lab.connection()
    exchange(lab, client, server)
    abort_on_close(server)
    server.close()


@scenario({'reset-at-once': File('client', 'The client aborts (SO_LINGER 0) as soon as the connection is open, as a connect() scan does.', Stream('O1', 'C5', 39, 'client'))})
def reset_at_once(lab):
    lab.record('client', 'reset-at-once')
    client, _ = lab.connection()
    abort_on_close(client)
    client.close()


@scenario(
    {
        'reset-crosses-fin': File(
            'server', 'The server aborts (SO_LINGER 0); the FIN of the client crosses the reset and is answered with another one.', Stream('O1', 'C5', 63, 'server')
        )
    },
    delay=0.03,
)
def reset_crosses_fin(lab):
    lab.record('server', 'reset-crosses-fin')
    client, server = lab.connection()
    exchange(lab, client, server)
    abort_on_close(server)
    client.close()
    server.close()


@scenario(
    {
        'reset-crosses-data': File(
            'server', 'The server aborts (SO_LINGER 0); data of the client cross the reset and are answered with another one.', Stream('O1', 'C5', 47, 'server')
        )
    },
    delay=0.03,
)
def reset_crosses_data(lab):
    lab.record('server', 'reset-crosses-data')
    client, server = lab.connection()
    exchange(lab, client, server)
    abort_on_close(server)
    client.send(b'Under way.\n')
    server.close()


@scenario({'killed': File('client', "The server's administrator destroys the connection (ss -K).", Stream('O1', 'C5', 47, 'server'))})
def killed(lab):
    lab.record('client', 'killed')
    client, server = lab.connection()
    exchange(lab, client, server)
    lab.kill('server', 'state', 'established')


@scenario({'fin-answered-by-reset': File('client', 'The client sends a line and its FIN; the server closes without having read the line.', Stream('O1', 'C6', 63, 'client'))})
def fin_answered_by_reset(lab):
    lab.record('client', 'fin-answered-by-reset')
    client, server = lab.connection()
    client.send(b'Nobody reads this.\n')
    client.shutdown(socket.SHUT_WR)
    lab.settle(0.15)
    server.close()


@scenario({'fin-then-reset': File('client', 'The client closes; the server sends data all the same, which nobody can read any more: reset.', Stream('O1', 'C8', 63, 'client'))})
def fin_then_reset(lab):
    lab.record('client', 'fin-then-reset')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.close()
    lab.settle(0.15)
    server.send(b'Too late.\n')


@scenario({'fin-then-abort': File('client', 'The client sends its FIN (shutdown) and, before the server closes, aborts (SO_LINGER 0).', Stream('O1', 'C8', 63, 'client'))})
def fin_then_abort(lab):
    lab.record('client', 'fin-then-abort')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.shutdown(socket.SHUT_WR)
    lab.settle(0.15)
    abort_on_close(client)
    client.close()


LAST_ACK_REPEATED = 'A copy of the last ACK came late, when the server had forgotten the connection: its reset meets the TIME-WAIT of the client (RFC 1337).'


@scenario(
    {
        'time-wait-reset-client': File('client', LAST_ACK_REPEATED, Stream('O1', 'C1 C7 C14', 63, 'client')),
        'time-wait-reset-server': File('server', LAST_ACK_REPEATED, Stream('O1', 'C1 C7 C14', 63, 'client')),
    }
)
def time_wait_reset(lab):
    lab.record('client', 'time-wait-reset-client')
    lab.record('server', 'time-wait-reset-server')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.close()
    lab.settle(0.15)
    lab.bridge.repeat(lambda s: to_server(s) and s.pure_ack, after=0.15)
    server.close()


@scenario({'fin-lost': File('client', 'The first FIN of the client was dropped on the way; it was sent again.', Stream('O1', 'C1 C9', 31, 'client'))})
def fin_lost(lab):
    lab.record('client', 'fin-lost')
    client, server = lab.connection()
    exchange(lab, client, server)
    lab.bridge.drop(fin_from_client, times=1)
    client.close()
    server.recv(1)
    lab.settle(0.15)
    server.close()


@scenario({'fin-ack-lost': File('server', "The server's ACK of the FIN was dropped on the way; the client sent its FIN again.", Stream('O1', 'C1 C9', 31, 'client'))})
def fin_ack_lost(lab):
    lab.record('server', 'fin-ack-lost')
    client, server = lab.connection()
    exchange(lab, client, server)
    lab.bridge.drop(lambda s: s.to == 'client' and s.pure_ack, times=1)
    client.close()
    lab.settle(0.5)
    server.close()


LAST_ACK_LOST = 'The last ACK was dropped on the way; the server sent its FIN again and the client, in TIME-WAIT, acknowledged it again.'


@scenario(
    {
        'last-ack-lost-client': File('client', LAST_ACK_LOST, Stream('O1', 'C1 C9', 31, 'client')),
        'last-ack-lost-server': File('server', LAST_ACK_LOST, Stream('O1', 'C1 C9', 31, 'client')),
    }
)
def last_ack_lost(lab):
    lab.record('client', 'last-ack-lost-client')
    lab.record('server', 'last-ack-lost-server')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.close()
    lab.settle(0.15)
    lab.bridge.drop(lambda s: to_server(s) and s.pure_ack, times=1)
    server.close()
    lab.settle(0.6)


@scenario({'last-ack-missing': File('server', "The server's FIN and its repetitions were never answered, since nothing from the client came through any more.", Stream('O1', 'C10 C9', 31, 'client'))})
def last_ack_missing(lab):
    lab.record('server', 'last-ack-missing')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.close()
    lab.settle(0.15)
    lab.bridge.drop(to_server)
    server.close()
    time.sleep(2)


@scenario({'fin-unanswered': File('client', "The client's FIN and its repetitions were never answered: nothing came through to the server any more.", Stream('O1', 'C10 C9', 31, 'client'))})
def fin_unanswered(lab):
    lab.record('client', 'fin-unanswered')
    client, server = lab.connection()
    exchange(lab, client, server)
    lab.bridge.drop(to_server)
    client.close()
    time.sleep(2)


@scenario({'half-open-left': File('client', 'The client closes; the server acknowledges the FIN and its program never closes.', Stream('O1', 'C11', 31, 'client'))})
def half_open_left(lab):
    lab.record('client', 'half-open-left')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.close()
    time.sleep(1)


@scenario({'still-open': File('client', 'The capture ended while the connection was open.', Stream('O1', 'C12', 15))})
def still_open(lab):
    lab.record('client', 'still-open')
    client, server = lab.connection()
    exchange(lab, client, server)


@scenario({'fin-with-data': File('client', 'The client had held its data back (TCP_CORK) when it closed: the FIN carries them.', Stream('O1', 'C1 C13', 31, 'client'))})
def fin_with_data(lab):
    lab.record('client', 'fin-with-data')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    client.send(b'One more thing.\n')
    client.close()
    lab.settle(0.15)
    server.recv(100)
    server.close()


@scenario(
    {
        'blind-reset': File(
            'server',
            'A script sent a reset in the name of the client whose number is in the window but not the next one; the server answers with a challenge ACK (RFC 5961) and '
            'the connection goes on and closes in order.',
            Stream('O1', 'C1', 63, 'client'),
            kernel=('server',),
        )
    }
)
def blind_reset(lab):
    lab.record('server', 'blind-reset')
    said = lab.bridge.watch(to_server)
    client, server = lab.connection()
    exchange(lab, client, server)
    last = said.wait(len(said.frames))
    lab.bridge.send('server', segment(lab, 'client', 40001, PORT, last.seq + 1000, 0, RST))
    lab.settle()
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)
