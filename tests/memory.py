"""The memory of this process."""

from pathlib import Path


def get_peak_mb():
    """Return the most memory this process held, in megabytes.

    ``ru_maxrss`` would tell of the process that started this one, if that was larger:
    Linux hands its peak on (``getrusage(2)``). ``VmHWM`` begins anew (``proc(5)``).
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024
