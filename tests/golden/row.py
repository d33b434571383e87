"""A row of a table: one command line, quoted as for a shell, with marks before it and variables and stdin around it.

    @MARK… VARIABLE=VALUE… WORD… [<<< STDIN]

In words and in STDIN \\n, \\t, \\\\ and \\xNN stand for bytes; {NAME} is a lease that a row before was marked to @save,
{EP} the endpoint. A variable that is "-" is not set.

    @all              in simple, json, fields and protobuf; @text: the same without protobuf
    @3.5              etcdctl of 3.4 does something else: with 3.5 and later only
    @3.4              with 3.4 only
    @lines=N          it does not end: it is stopped after N lines of output
    @mask=REGEX       what matches is left out of the comparison
    @save=NAME        the first word of 16 hex digits in its output is the lease NAME
    @sound            coord is called as etcdctl: the status must be the same, and the server's words on stderr
    @differs=WHY      coord is another on purpose: fails when it is not
"""
import re
import shlex
from dataclasses import dataclass, field

FORMATS = {"text": ("simple", "json", "fields"), "all": ("simple", "json", "fields", "protobuf")}


@dataclass
class Row:
    number: int
    text: str
    marks: dict
    words: list
    variables: dict = field(default_factory=dict)
    stdin: bytes = b""


def unescaped(text):
    def one(match):
        code = match.group(1)
        return bytes.fromhex(code[1:].decode()) if code[:1] == b"x" else {b"n": b"\n", b"t": b"\t", b"\\": b"\\"}[code]

    return re.sub(rb"\\(x[0-9a-f]{2}|n|t|\\)", one, text.encode())


def parse(number, line):
    tokens, marks, variables = shlex.split(line), {}, {}
    while tokens and tokens[0].startswith("@"):
        name, _, value = tokens.pop(0)[1:].partition("=")
        marks[name] = value or True
    while tokens and re.match(r"[A-Z_]+=", tokens[0]):
        name, _, value = tokens.pop(0).partition("=")
        variables[name] = value
    stdin = b""
    if "<<<" in tokens:
        at = tokens.index("<<<")
        stdin, tokens = unescaped(tokens[at + 1]), tokens[:at]
    return Row(number, line, marks, [unescaped(word) for word in tokens], variables, stdin)


def read_table(path, version):
    """Its rows for that version of etcdctl; one for each format that a row is marked for."""
    with open(path, encoding="utf-8") as table:
        for number, line in enumerate(table, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            row = parse(number, line)
            if ("3.5" in row.marks and version < (3, 5)) or ("3.4" in row.marks and version > (3, 4)):
                continue
            formats = next((FORMATS[name] for name in FORMATS if name in row.marks), None)
            if formats is None:
                yield row
            for name in formats or ():
                words = row.words[:1] + [b"-w", name.encode()] + row.words[1:]
                yield Row(number, f"{line}   [{name}]", row.marks, words, row.variables, row.stdin)
