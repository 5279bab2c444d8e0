"""A child process ends with the one that started it, however that one dies."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_LOOKS_EVERY_S = 2.0
#: A worker has ten seconds for what it is sending.
_PATIENCE_S = 20.0
#: For taking the interpreter down, which takes a fraction of a second.
_GRACE_S = 5.0


def end_with(parent: int, *, patience_s: float = _PATIENCE_S) -> None:
    """Ask to be ended (SIGTERM) when the process ``parent`` dies, however it dies; be gone ``patience_s`` later.

    The kernel asks at once. A server that is asked while it is still starting may miss it: so somebody looks as well.
    Once the interpreter is being taken down, no thread of ours runs any more: what hangs there, the kernel ends.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    atexit.register(_end_soon, parent, min(patience_s, _GRACE_S))
    threading.Thread(target=_watch, args=(parent, patience_s), daemon=True, name="parent").start()
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def end_with_supervisor() -> None:
    """End with the `comptoir up` that started us, if one did."""
    supervisor = os.environ.pop("COMPTOIR_SUPERVISOR_PID", "")
    if supervisor:
        end_with(int(supervisor))


def one_thread_for_arithmetic() -> None:
    """Before numpy is loaded: a message is small, and threads that share it wait for one another on a busy machine."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def allow_many_files() -> None:
    """Raise the limit of open files to what the system allows: one connection is one file."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536) if hard > 0 else 65536, hard))


def _watch(parent: int, patience_s: float) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOKS_EVERY_S)
    _end_soon(parent, patience_s + _GRACE_S)  # should not even this thread come to its end
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(patience_s)
    os._exit(1)


def _end_soon(parent: int, within_s: float) -> None:
    """With the parent gone, have the kernel end this process then: SIGALRM does so, and asks no thread for it."""
    if os.getppid() != parent:
        signal.setitimer(signal.ITIMER_REAL, within_s)
