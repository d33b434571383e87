"""Server: a private etcd of one member. All of them have the same ids, since what those are made of is the same."""
import json
import os
import shutil
import socket
import subprocess
import time

LIMIT = 30  # seconds until it serves
PEER = "http://127.0.0.1:1"  # advertised by all, and dialled by none: there is one member


def which(program):
    path = shutil.which(program)
    assert path, f"no {program} in PATH"
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, folder):
        self.folder, self.process, self.endpoint = folder, None, ""
        os.mkdir(folder)

    def start(self):
        for _ in range(5):  # another process may take the port meanwhile
            port, peer = free_port(), free_port()
            self.endpoint = f"127.0.0.1:{port}"
            if self.launch(port, peer):
                return
            self.stop()
        raise RuntimeError(open(os.path.join(self.folder, "log"), encoding="utf-8").read())

    def launch(self, port, peer):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                [which("etcd"), "--name", "golden", "--data-dir", os.path.join(self.folder, "data"), "--logger", "zap",
                 "--log-level", "warn", "--unsafe-no-fsync", "--bcrypt-cost", "4",  # a login has 2 s in etcdctl
                 "--listen-client-urls", f"http://127.0.0.1:{port}",
                 "--advertise-client-urls", "http://127.0.0.1:2", "--listen-peer-urls", f"http://127.0.0.1:{peer}",
                 "--initial-advertise-peer-urls", PEER, "--initial-cluster", f"golden={PEER}"],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env={k: v for k, v in os.environ.items() if not k.startswith("ETCD")})
        end = time.monotonic() + LIMIT
        while self.process.poll() is None and time.monotonic() < end:
            if self.etcdctl("get", "ready", "--command-timeout=1s").returncode == 0:
                return True
        return False

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def etcdctl(self, *words):
        environment = {"ETCDCTL_API": "3", "ETCDCTL_ENDPOINTS": self.endpoint, "PATH": os.environ["PATH"]}
        return subprocess.run([which("etcdctl"), *words], env=environment, capture_output=True, check=False)

    def revision(self):
        return json.loads(self.etcdctl("get", "~", "-w", "json").stdout)["header"]["revision"]
