"""What a scenario is: one run in the lab, the files it records, and what is known to have happened in each."""


class Stream:
    """
    What was done to one TCP connection, by the codes of ARCHITECTURE.md, the one that names it best first. `completeness`: as tcp.completeness counts.
    `client`: the port of the side that opened (of the side that is called so, where both did).
    """

    def __init__(self, open, close, completeness, initiator=None, client=40001):
        self.open, self.close, self.completeness, self.initiator, self.client = open.split(), close.split(), completeness, initiator, client


class File:
    def __init__(self, where, did, *streams, kernel=('client', 'server')):
        self.where, self.did, self.streams, self.kernel = where, did, streams, kernel


scenarios = []


def scenario(files, **lab):
    """Of a function that gets the lab and records the files named here. `lab`: arguments of Lab."""

    def register(play):
        scenarios.append((play.__name__.replace('_', '-'), play, files, lab))
        return play

    return register
