"""Memory habits of long runs: freed blocks are kept for the next step instead of going back to the system.

Conventions: called once before training; only glibc knows the call, elsewhere nothing happens.
This module knows nothing of tensors.
"""

from __future__ import annotations

import ctypes
import sys

# Numbers of mallopt(3).
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4


def keep_freed_memory() -> bool:
    """Ask the allocator to keep freed memory; return whether it agreed.

    Without it every step maps and unmaps gigabytes: half of the time went to the kernel (docs/lab.md).
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    wishes = ((_M_MMAP_MAX, 0), (_M_TRIM_THRESHOLD, 2**31 - 1), (_M_TOP_PAD, 2**28))
    return all(bool(mallopt(number, value)) for number, value in wishes)
