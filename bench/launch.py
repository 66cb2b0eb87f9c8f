"""Run a command and write what it took, as JSON, to a descriptor: `python -S launch.py DESCRIPTOR COMMAND…`.

A process that is started counts the memory of the one that starts it as its own, so this one is kept small.
"""

import json
import os
import sys
from time import perf_counter

descriptor, command = int(sys.argv[1]), sys.argv[2:]
os.set_inheritable(descriptor, False)
start = perf_counter()
child = os.posix_spawnp(command[0], command, os.environ)
# wait4 gives this child's own figures, where getrusage would give the most of all children so far.
_, status, usage = os.wait4(child, 0)
took = {
    "wall": perf_counter() - start,
    "processor": usage.ru_utime + usage.ru_stime,
    "memory": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
}
os.write(descriptor, json.dumps(took).encode())
sys.exit(os.waitstatus_to_exitcode(status))
