"""Pair: the two servers, and one row on each of them."""
import os
import re
import subprocess
import threading
from dataclasses import dataclass

from server import Server, which

# In the json of transactions, which 3.5 changed.
OLD_NAMES = {b'{"ResponseRange":': b'{"response_range":', b'{"ResponsePut":': b'{"response_put":',
             b'{"ResponseDeleteRange":': b'{"response_delete_range":'}
LIMIT = 30  # seconds that a command may take


@dataclass
class Output:
    status: int
    out: bytes
    err: bytes


@dataclass
class Trouble:
    what: str
    theirs: Output
    ours: Output


class Side:
    """One server, the program that talks to it, and the leases that it was told to remember."""

    def __init__(self, program, server):
        self.program, self.server, self.leases = program, server, {}

    def environment(self, row):
        kept = {k: v for k, v in os.environ.items() if not re.match("ETCD|COORD", k)}
        own = {"ETCDCTL_ENDPOINTS": self.server.endpoint, "ETCDCTL_API": "3", "COORD_CONFIG": os.devnull} | row.variables
        return kept | {name: value.replace("{EP}", self.server.endpoint) for name, value in own.items() if value != "-"}

    def filled(self, word):
        word = word.replace(b"{EP}", self.server.endpoint.encode())
        for name, lease in self.leases.items():
            word = word.replace(b"{%s}" % name.encode(), b"%016x" % lease)
        return word

    def run(self, row, program=None):
        words = [program or self.program] + [self.filled(word) for word in row.words]
        process = subprocess.Popen(words, env=self.environment(row), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        timer = threading.Timer(LIMIT, process.kill)
        timer.start()
        try:
            lines = int(row.marks.get("lines", 0))
            output = self.first_lines(process, row, lines) if lines else Output(0, *process.communicate(row.stdin))
        finally:
            timer.cancel()
        output.status = process.returncode
        if "save" in row.marks and (found := re.search(rb"\b[0-9a-f]{16}\b", output.out)):
            self.leases[row.marks["save"]] = int(found.group(), 16)
        output.out = self.neutral(output.out, row)
        return output

    @staticmethod
    def first_lines(process, row, lines):
        if row.stdin:
            process.stdin.write(row.stdin)
            process.stdin.flush()
        out = b"".join(process.stdout.readline() for _ in range(lines))
        process.terminate()
        return Output(0, out, process.communicate()[1])

    def neutral(self, text, row):
        """Without what must differ: the server's port, lease ids, how long something took."""
        text = text.replace(self.server.endpoint.encode(), b"EP")
        for name, lease in self.leases.items():
            for shape in (b"%016x" % lease, b"%x" % lease, b"%d" % lease, varint(lease)):
                text = text.replace(shape, b"{%s}" % name.encode())
        for old, new in OLD_NAMES.items():
            text = text.replace(old, new)
        if "mask" in row.marks:
            text = re.sub(row.marks["mask"].encode(), b"~", text)
        return text


def varint(number):
    shape = bytearray()
    while number > 0x7F:
        shape.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(shape + bytes([number]))


class Pair:
    def __init__(self, coord, folder):
        etcdctl = which("etcdctl")
        self.theirs = Side(etcdctl, Server(os.path.join(folder, "a")))
        self.ours = Side(coord, Server(os.path.join(folder, "b")))
        self.personality = os.path.join(folder, "etcdctl")
        os.symlink(os.path.abspath(coord), self.personality)
        words = subprocess.run([etcdctl, "version"], env={"ETCDCTL_API": "3"}, capture_output=True, text=True, check=True)
        self.version = tuple(int(part) for part in re.search(r"API version: (\d+)\.(\d+)", words.stdout).groups())

    def __enter__(self):
        try:
            for side in self.sides():
                side.server.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for side in self.sides():
            side.server.stop()

    def sides(self):
        return self.theirs, self.ours

    def both(self, row):
        """At the same time, since most of it is waiting."""
        ours = self.personality if "sound" in row.marks else None
        result = []
        other = threading.Thread(target=lambda: result.append(self.theirs.run(row)))
        other.start()
        mine = self.ours.run(row, ours)
        other.join()
        return result[0], mine

    def compare(self, row):
        theirs, ours = self.both(row)
        if "differs" in row.marks:
            self.level()
        what = difference(row, theirs, ours)
        if "differs" in row.marks:
            what = None if what else "marked as different, and is the same"
        return Trouble(what, theirs, ours) if what else None

    def level(self):
        """Brings the revision of whichever server is behind to that of the other."""
        behind, ahead = sorted(self.sides(), key=lambda side: side.server.revision())
        for _ in range(ahead.server.revision() - behind.server.revision()):
            behind.server.etcdctl("put", "~", "~")


def difference(row, theirs, ours):
    if (theirs.status == 0) != (ours.status == 0) and "lines" not in row.marks:
        return "one exits with zero, the other does not"
    # etcdctl prints how it is used on stdout, also where it was used wrongly.
    usage = theirs.status != 0 and re.match(rb"NAME:\n|\s*Usage:|Error: unknown", theirs.out)
    if theirs.out != ours.out and not usage:
        return "stdout differs"
    return sounds_different(theirs, ours) if "sound" in row.marks else None


def sounds_different(theirs, ours):
    """The server's words are the same in both; what the programs themselves have to say only looks alike."""
    if theirs.status != ours.status:
        return "the status differs"
    if theirs.status == 0:
        return "it says more than etcdctl" if ours.err else None
    said = ours.err.splitlines()
    if len(said) != 1 or not said[0].startswith(b"Error: "):
        return "it does not end with one line that begins with Error"
    last = theirs.err.splitlines()[-1]  # lines of its log come before; etcdctl may say more around the server's words
    found = re.search(rb"etcdserver: [^()]*", last)
    return "the server's words differ" if found and said[0] != b"Error: " + found.group().rstrip() else None
