#!/usr/bin/env python3
"""A service manager's end of sd_notify(3), for tests: notify.py ADDRESS FILE

Listens on ADDRESS, a path or @NAME, and appends to FILE a line for each message: the sender's pid, a blank, and the message,
its newlines as |. Says "listening" first. Ends with its stdin.
"""
import os
import select
import socket
import struct
import sys

address, path = sys.argv[1:]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind("\0" + address[1:] if address.startswith("@") else address)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
with open(path, "a", buffering=1, encoding="utf-8") as log:
    log.write("listening\n")
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if listener in ready:
            data, controls, _, _ = listener.recvmsg(65536, socket.CMSG_SPACE(12))
            pid = struct.unpack("iii", controls[0][2][:12])[0]
            log.write(f"{pid} {data.decode().replace(chr(10), '|')}\n")
        elif sys.stdin in ready and not os.read(sys.stdin.fileno(), 4096):
            break
