"""Runs the installer at a terminal, and types an answer at each question: python terminal.py ANSWER…

Prints what the terminal showed, and ends as the installer does.
"""

import os
import pty
import signal
import sys

# A question that nobody expected would be waited for without end.
signal.alarm(600)
child, terminal = pty.fork()
if child == 0:
    os.execvp("bash", ["bash", "install.sh"])

answers = sys.argv[1:]
shown = b""
asked_until = 0
while True:
    try:
        more = os.read(terminal, 4096)
    except OSError:
        # Linux says so where the other side is closed.
        break
    if not more:
        break
    shown += more
    if answers and shown[asked_until:].endswith(b"not shown): "):
        os.write(terminal, answers.pop(0).encode() + b"\n")
        asked_until = len(shown)
print(shown.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
