"""How connections close."""
from .opening import close_one_after_the_other, exchange
from .scenario import File, Stream, scenario


@scenario(
    {'four-segments': File('client', 'Three segments open; the client closes first, the server 150 ms after its kernel acknowledged the FIN.', Stream('O1', 'C1', 31, 'client'))}
)
def four_segments(lab):
    lab.record('client', 'four-segments')
    client, server = lab.connection()
    exchange(lab, client, server)
    close_one_after_the_other(lab, client, server)


@scenario({'three-segments': File('client', 'The client closes first and the server at once when it learns of it: ACK and FIN in one segment.', Stream('O1', 'C2', 31, 'client'))})
def three_segments(lab):
    lab.record('client', 'three-segments')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.close()
    server.recv(1)
    server.close()


@scenario(
    {'simultaneous-close': File('client', 'Both programs close at the same moment; the two FINs cross on the way.', Stream('O1', 'C4', 31, 'both'))}, delay=0.03
)
def simultaneous_close(lab):
    lab.record('client', 'simultaneous-close')
    client, server = lab.connection()
    exchange(lab, client, server)
    client.close()
    server.close()
