#!/usr/bin/env python3
"""relay.py PORT TARGET [--behind SECONDS] [--delay SECONDS]: hands connections to 127.0.0.1:PORT on to TARGET, HOST:PORT.

--behind: the Date of an HTTP/1 answer is so much earlier, as if TARGET's clock were.
--delay: each piece arrives so much later, in both directions.
"""
import argparse
import re
import socket
import threading
import time
from email.utils import formatdate, mktime_tz, parsedate_tz

DATE = re.compile(rb"(?<=\r\nDate: )[^\r]+")


def earlier(match, seconds):
    shown = mktime_tz(parsedate_tz(match.group().decode()))
    return formatdate(shown - seconds, usegmt=True).encode()


def hand_on(source, sink, options, answers):
    while piece := source.recv(65536):
        if options.delay:
            time.sleep(options.delay)
        if answers and options.behind:
            piece = DATE.sub(lambda match: earlier(match, options.behind), piece)
        sink.sendall(piece)
    sink.shutdown(socket.SHUT_WR)


def quietly(*args):
    try:
        hand_on(*args)
    except OSError:  # one side has gone
        for end in args[:2]:
            end.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("target")
    parser.add_argument("--behind", type=float, default=0)
    parser.add_argument("--delay", type=float, default=0)
    options = parser.parse_args()
    host, _, port = options.target.rpartition(":")
    with socket.create_server(("127.0.0.1", options.port)) as server:
        while True:
            client, _ = server.accept()
            etcd = socket.create_connection((host, int(port)))
            for args in ((client, etcd, options, False), (etcd, client, options, True)):
                threading.Thread(target=quietly, args=args, daemon=True).start()


main()
