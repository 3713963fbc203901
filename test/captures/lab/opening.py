"""How connections open."""
from .network import PORT
from .scenario import File, Stream, scenario


def syn(segment):
    return segment.syn and not segment.ack


def syn_ack(segment):
    return segment.syn and segment.ack


def exchange(lab, client, server):
    """One line each way."""
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


@scenario({'syn-lost': File('client', 'The first SYN was dropped on the way; it was sent again after one second.', Stream('O3 O1', 'C1', 31, 'client'))})
def syn_lost(lab):
    lab.record('client', 'syn-lost')
    lab.bridge.drop(syn, times=1)
    client, server = lab.connection()
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario({'refused': File('client', 'Nobody listens on the port.', Stream('O5', '', 37))})
def refused(lab):
    lab.record('client', 'refused')
    try:
        lab.socket('client', 40001).connect(lab.at('server', PORT))
    except ConnectionRefusedError:
        pass
