#!/usr/bin/env python3
"""dns.py ZONE [PORT]: a name server for tests, on 127.0.0.1 over UDP.

ZONE is read again for each question. Its lines:
    SRV NAME PRIORITY WEIGHT PORT TARGET
    A NAME ADDRESS
    silent SUFFIX      questions for names that end so are not answered
    refused SUFFIX     the server fails at names that end so
Any other name does not exist. What is asked is written to stdout.
"""
import socket
import struct
import sys

A, SRV = 1, 33
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3


def pack_name(name):
    labels = [label.encode() for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def read_name(packet, at):
    labels = []
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode())
        at += 1 + packet[at]
    return ".".join(labels).lower(), at + 1


def lines_of(zone):
    with open(zone, encoding="utf-8") as file:
        return [line.split() for line in file if line.strip()]


def look_up(lines, name, kind):
    """The data of the records that were asked for, and the status; None: say nothing."""
    records, known = [], False
    for word, owner, *rest in lines:
        if word == "silent" and name.endswith(owner):
            return None
        if word == "refused" and name.endswith(owner):
            return [], SERVFAIL
        if owner != name:
            continue
        known = True
        if word == "A" and kind == A:
            records.append(socket.inet_aton(rest[0]))
        if word == "SRV" and kind == SRV:
            priority, weight, port = map(int, rest[:3])
            records.append(struct.pack("!HHH", priority, weight, port) + pack_name(rest[3]))
    return records, NOERROR if known else NXDOMAIN


def answer(packet, zone):
    name, end = read_name(packet, 12)
    kind = struct.unpack_from("!H", packet, end)[0]
    print(name, kind, flush=True)
    found = look_up(lines_of(zone), name, kind)
    if found is None:
        return None
    records, status = found
    # A reply, authoritative, recursion wanted and had; one question, back as it came.
    head = packet[:2] + struct.pack("!HHHHH", 0x8580 | status, 1, len(records), 0, 0)
    body = b"".join(
        b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 1, len(data)) + data for data in records
    )
    return head + packet[12 : end + 4] + body


def main():
    zone = sys.argv[1]
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 53
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", port))
        while True:
            packet, client = server.recvfrom(4096)
            reply = answer(packet, zone)
            if reply is not None:
                server.sendto(reply, client)


if __name__ == "__main__":
    main()
