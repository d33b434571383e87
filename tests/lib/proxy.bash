# shellcheck shell=bash disable=SC2154 # set by the tests
# Small servers, `coord proxy` of the service web before them, and clients of it. Load it after primitive.bash.

# backend LABEL PORT: to each connection it says its port, then reads all, and when the client has ended its side, says how
# much that was.
backend() {
  start "$1" python3 -c '
import socket, sys, threading
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("up", flush=True)
def serve(connection):
    connection.sendall((sys.argv[1] + "\n").encode())
    total = 0
    while data := connection.recv(65536):
        total += len(data)
    connection.sendall(f"got {total}\n".encode())
    connection.close()
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
' "$2"
  wait_until 10 says "$1" up
}
proxy() { # proxy [WORD...]: sets $port
  start proxy "$COORD" proxy web --listen 127.0.0.1:0 "$@"
  wait_until 10 test -s proxy.out
  port=$(sed 's/.*://' proxy.out)
}
# call [BYTES]: one connection; prints all that comes back
call() {
  python3 -c '
import socket, sys
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
connection.sendall(b"x" * int(sys.argv[2]))
connection.shutdown(socket.SHUT_WR)
print(b"".join(iter(lambda: connection.recv(65536), b"")).decode(), end="")
' "$port" "${1:-0}"
}
# calls LABEL: one connection after the other, until the file LABEL.stop is there; prints each answer, and at the end how many had none.
calls() {
  start "$1" python3 -c '
import os, socket, sys
lost = 0
while not os.path.exists(sys.argv[2]):
    try:
        with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20) as connection:
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode().split()
    except OSError as error:
        answer = [str(error)]
    if answer[1:] != ["got", "0"]: lost += 1
    print(*answer, flush=True)
print("lost", lost, flush=True)
' "$port" "$1.stop"
}
