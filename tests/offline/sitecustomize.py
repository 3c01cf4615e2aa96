"""No network: every Python process of a test run may talk to its own machine and to nothing else.

Python imports a module of this name by itself when it starts, so that putting this folder into PYTHONPATH reaches
notebook kernels and commands too. A refused address looks like a machine without a network: an OSError, at once.
"""

import errno
import importlib.machinery
import importlib.util
import ipaddress
import socket
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def is_local(host):
    """Whether a host, as name, number or bytes, is this machine."""
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def is_number(host):
    """Whether a host is given by its number, which nobody has to be asked about."""
    try:
        return bool(ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)))
    except ValueError:
        return False


def refuse(address):
    """Raises unless a socket's address is on this machine; files (AF_UNIX) and the like pass."""
    if isinstance(address, tuple) and address and not is_local(address[0]):
        raise OSError(errno.ENETUNREACH, f"tests run without a network; {address[0]!r} was refused")


def block():
    """Makes sockets and name look-ups of this process refuse other machines; False if that was done before."""
    if getattr(socket, "only_this_machine", False):
        return False
    socket.only_this_machine = True

    def guarded(method, place):
        def call(self, *arguments):
            if self.family in (socket.AF_INET, socket.AF_INET6) and len(arguments) > place:
                refuse(arguments[place])
            return method(self, *arguments)

        return call

    socket.socket.connect = guarded(socket.socket.connect, 0)
    socket.socket.connect_ex = guarded(socket.socket.connect_ex, 0)
    socket.socket.sendmsg = guarded(socket.socket.sendmsg, 3)
    plain_sendto = socket.socket.sendto

    def sendto(self, data, *arguments):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            refuse(arguments[-1])
        return plain_sendto(self, data, *arguments)

    socket.socket.sendto = sendto

    def known(look_up):
        def call(host, *arguments, **options):
            if not (is_local(host) or is_number(host)):
                raise socket.gaierror(socket.EAI_NONAME, f"tests run without a network; {host!r} was not looked up")
            return look_up(host, *arguments, **options)

        return call

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, known(getattr(socket, name)))
    return True


def run_the_hidden_one():
    """Runs the sitecustomize that this one stands in front of, if the machine has one."""
    elsewhere = [folder for folder in sys.path if Path(folder or ".").resolve() != HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
    if spec and spec.loader:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if block() and __name__ == "sitecustomize":
    run_the_hidden_one()
