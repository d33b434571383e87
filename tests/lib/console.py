#!/usr/bin/env python3
"""console.py FILE...: runs every ```console block of Markdown files, and says where one prints something else than it shows.

Each block has an etcd of its own (`coord local run`) and a shell; its commands see one another. The expected output is taken
literally, but for what can't be the same twice: leases, process ids, users and hosts, ages. Besides:

    … in a line stands for anything, alone on a line for any number of lines
    ^C ends what runs on: it gets INT when it has printed what stands before
    CMD &  goes to the background; what stands behind is tried again until it is right, and `wait` also shows what CMD has said

./PROGRAMs are made: in the background they last, else they end at once. With --write the files get what was really printed.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 20 * int(os.environ.get("PATIENCE", "1"))  # seconds for a condition; longer for a build that is slow
UNLIKE = re.compile(r"(?P<lease>\b[0-9a-f]{14,16}\b)|(?P<nanos>\b\d{19,30}\b)|(?P<who>\b[a-z]+@[\w-]+)|(?P<pid>\bpid \d+)"
                    r"|(?P<age>\bfor \d+[smh]\S*?(?=[ :,;)]|$))|(?P<left>\b\d+s left)|(?P<any>…)")
MASKS = {"lease": "[0-9a-f]{12,16}", "nanos": r"\d{19,30}", "who": r"[a-z]+@[\w.-]+", "pid": r"pid \d+", "age": r"for \d\S*?",
         "left": r"\d+s left", "any": ".*"}


def pattern(lines):
    """What the lines that a block shows may be in reality."""
    def of_line(line):
        if line == "…":
            return "(?:.*\n)*"
        found, at = "", 0
        for match in UNLIKE.finditer(line):
            found += re.escape(line[at:match.start()]) + MASKS[match.lastgroup]
            at = match.end()
        return found + re.escape(line[at:]) + "\n"
    return re.compile("".join(map(of_line, lines)))


class Step:
    """One command of a block, and the lines that it is said to print."""

    def __init__(self, command, number):
        self.command, self.number, self.shown = command, number, []

    def bare(self):
        return re.sub(r"\s+#\s.*", "", self.command)

    def stays(self):
        return self.bare().endswith(" &")

    def until(self):
        return self.shown[:-1] if self.shown[-1:] == ["^C"] else None


def complete(text):
    said = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    return "unexpected EOF" not in said.stderr


def blocks(lines):
    """(first line, steps) of every console block."""
    block = None
    for number, line in enumerate(lines, 1):
        if line == "```console":
            block = (number, [])
        elif line == "```" and block:
            yield block
            block = None
        elif block and block[1] and not complete(block[1][-1].command + "\n"):
            block[1][-1].command += "\n" + line
        elif block and line.startswith("$ "):
            block[1].append(Step(line[2:], number))
        elif block and block[1]:
            block[1][-1].shown.append(line)


class Shell:
    """A bash that is asked one command after the other, in a folder and with an etcd of its own."""

    def __init__(self, coord, room):
        self.room, self.background, self.text = room, 0, ""
        os.symlink(coord, f"{room}/bin/coord")
        os.symlink(coord, f"{room}/bin/etcdctl")
        names = {"PATH": f"{room}/bin:{os.environ['PATH']}", "TERM": "dumb", "XDG_CONFIG_HOME": f"{room}/home/.config"}
        self.bash = subprocess.Popen([coord, "local", "run", "--", "bash", "--norc"], cwd=f"{room}/home", env={**os.environ, **names},
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                     start_new_session=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while part := os.read(self.bash.stdout.fileno(), 65536):
            self.text += part.decode(errors="replace")

    def say(self, line):
        self.bash.stdin.write(line + "\n")
        self.bash.stdin.flush()

    def programs(self, step):
        for name in re.findall(r"\./([a-z][a-z.-]*)", step.command):
            path = f"{self.room}/home/{name}"
            if os.path.lexists(path):
                continue
            with open(path, "w", encoding="utf-8") as file:
                file.write('#!/bin/sh\n[ -z "$STAYS" ] || exec sleep 600\ncat >/dev/null\n')
            os.chmod(path, 0o755)

    def until(self, condition):
        end = time.monotonic() + PATIENCE
        while not condition() and time.monotonic() < end and self.bash.poll() is None:
            time.sleep(0.02)
        return condition()

    def run(self, step):
        """What the command prints, when it has ended; None when it does not."""
        self.programs(step)
        if step.stays():
            self.background += 1
            self.say(f"STAYS=1 {self.alone(step.bare()[:-2])} >said.{self.background} 2>&1 </dev/null &")
            return ""
        self.text, mark = "", f"-- {time.monotonic_ns()} ended"
        if step.until() is not None:
            return self.interrupt(step, mark)
        self.say(f"{{ (exit $status)\n{step.command}\n}} </dev/null; status=$?")
        if step.command.startswith("wait"):
            self.say("cat said.*")
        self.say(f"echo '{mark}'")
        return self.text.split(mark)[0] if self.until(lambda: mark in self.text) else None

    @staticmethod
    def alone(command):
        """It as one process, which heeds INT although a shell's background does not."""
        return f"env --default-signal=INT bash -c {shlex.quote('exec ' + command)}"

    def interrupt(self, step, mark):
        self.say(f"{self.alone(step.bare())} </dev/null & echo \"$! {mark}\"")
        if not self.until(lambda: mark in self.text):
            return None
        pid = int(re.search(rf"(\d+) {re.escape(mark)}", self.text)[1])
        said = lambda: self.text.replace(f"{pid} {mark}\n", "", 1)
        self.until(lambda: pattern(step.until()).fullmatch(said()))
        os.kill(pid, signal.SIGINT)
        self.say(f"wait {pid}; echo '{mark} too'")
        return said().split(f"{mark} too")[0] + "^C\n" if self.until(lambda: f"{mark} too" in self.text) else None

    def end(self):
        try:
            self.say("kill $(jobs -p) 2>/dev/null; wait; exit")
            self.bash.wait(PATIENCE)
        except (OSError, subprocess.TimeoutExpired):
            os.killpg(self.bash.pid, signal.SIGKILL)
            self.bash.wait()
            raise


def play(coord, steps):
    """Pairs of a step and what it printed instead; steps get what they printed."""
    with tempfile.TemporaryDirectory(prefix="coord-console.", ignore_cleanup_errors=True) as room:
        for folder in "bin", "home", "run":
            os.mkdir(f"{room}/{folder}", 0o700)
        shell = Shell(coord, room)
        try:
            for before, step in zip([None, *steps], steps):
                right = pattern(step.shown)
                end = time.monotonic() + PATIENCE
                said = shell.run(step)
                while before and before.stays() and not right.fullmatch(said or "") and time.monotonic() < end:
                    time.sleep(0.1)
                    said = shell.run(step)
                if not right.fullmatch(said or ""):
                    yield step, said
        finally:
            shell.end()


def main():
    files = [word for word in sys.argv[1:] if word != "--write"]
    coord, wrong = os.path.realpath(os.environ["COORD"]), 0
    for name in files:
        with open(name, encoding="utf-8") as file:
            lines = file.read().split("\n")
        replaced = {}
        for _, steps in blocks(lines):
            for step, said in play(coord, steps):
                wrong += 1
                print(f"{name}:{step.number}: {step.command}\n  printed:\n" + (said or "(it does not end)\n"), flush=True)
                replaced[step.number] = (step, said)
        if "--write" in sys.argv:
            for number, (step, said) in sorted(replaced.items(), reverse=True):
                first = number + step.command.count("\n")
                lines[first:first + len(step.shown)] = (said or "").rstrip("\n").split("\n")
            with open(name, "w", encoding="utf-8") as file:
                file.write("\n".join(lines))
    sys.exit(1 if wrong and "--write" not in sys.argv else 0)


if __name__ == "__main__":
    main()
