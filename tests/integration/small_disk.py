"""A disk of some megabytes in memory, for tests of what happens when it is full.

Mounting takes root. own_mounts() has the test run in a mount namespace of its own, so that nothing of it
is left behind, whatever becomes of the test.
"""

import os
import subprocess
import sys

from harness import Failure

OURS = "KL_OWN_MOUNTS"


def may_mount():
    """False, having said why on stdout, without being root; in CI as root it has to work."""
    if os.geteuid() != 0:
        print("# skipped: only root can mount a small disk", flush=True)
        return False
    if OURS in os.environ:
        return True
    if os.environ.get("CI") == "true":
        raise Failure("CI runs as root, and cannot mount a small disk")
    print("# skipped: mounts of its own are denied to this process", flush=True)
    return False


def own_mounts():
    """Starts the program again in a mount namespace of its own, if it can have one."""
    if os.geteuid() != 0 or OURS in os.environ:
        return
    alone = ["unshare", "--mount", "--propagation", "private"]
    probe = ["sh", "-c", "mount -t tmpfs -o size=1m tmpfs /tmp"]
    if subprocess.run([*alone, *probe], capture_output=True, check=False).returncode == 0:
        os.environ[OURS] = "yes"
        os.execvp(alone[0], [*alone, sys.executable, *sys.argv])


class SmallDisk:
    """Mounted in the folder of a test; goes with the namespace at the latest."""

    def __init__(self, place, size):
        self.path = place.path + "/disk"
        os.mkdir(self.path, 0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.path],
                       capture_output=True, check=True)

    def free(self):
        disk = os.statvfs(self.path)
        return disk.f_bavail * disk.f_frsize

    def fill(self, leave=0):
        """Takes all but `leave` bytes."""
        with open(self.path + "/filler", "ab", buffering=0) as filler:
            step = 1 << 16
            while step >= 4096:
                try:
                    if self.free() - step < leave:
                        raise OSError
                    filler.write(bytes(step))
                except OSError:
                    step //= 2

    def clear(self):
        os.unlink(self.path + "/filler")

    def close(self):
        subprocess.run(["umount", "-l", self.path], check=False)
