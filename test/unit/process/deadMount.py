"""Mounts a FUSE file system that answers the greeting and nothing after it, as a server that has died. Needs root.

deadMount.py FOLDER: prints `mounted`, then `asked` for each request that it leaves without an answer. Its end frees them all.
"""
import ctypes
import os
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
device = os.open('/dev/fuse', os.O_RDWR)
options = f'fd={device},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}'
if libc.mount(b'dead', sys.argv[1].encode(), b'fuse.dead', 0, options.encode()) != 0:
    sys.exit(f'mount: {os.strerror(ctypes.get_errno())}')
# struct fuse_in_header and fuse_init_out of the kernel's include/uapi/linux/fuse.h.
greeting = os.read(device, 1 << 20)
unique = struct.unpack_from('<IIQ', greeting)[2]
answer = struct.pack('<IIIIHHIIHHI28x', 7, 31, 0, 0, 12, 9, 65536, 1, 0, 0, 0)[:64]
os.write(device, struct.pack('<IiQ', 16 + len(answer), 0, unique) + answer)
print('mounted', flush=True)
while True:
    os.read(device, 1 << 20)
    print('asked', flush=True)
