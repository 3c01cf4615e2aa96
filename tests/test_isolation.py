"""The tests' own promise: no test, no notebook kernel and no command reaches another machine."""

import os
import socket
import subprocess
import sys
import threading

import pytest

# Reserved for documentation (RFC 5737): no machine of anybody's.
OUTSIDE = "192.0.2.1"

TRY = f"""
import socket
try:
    socket.create_connection(("{OUTSIDE}", 80), timeout=1)
except OSError as error:
    print(error)
try:
    socket.getaddrinfo("udl-teach.invalid", 80)
except OSError as error:
    print(error)
"""


def assert_refused(printed):
    assert f"'{OUTSIDE}' was refused" in printed
    assert "'udl-teach.invalid' was not looked up" in printed


def test_this_process_is_refused_another_machine():
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as one, pytest.raises(OSError, match="without a network"):
            one.connect((OUTSIDE, 80))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, pytest.raises(OSError, match="without a network"):
        one.sendto(b"hello", (OUTSIDE, 80))
    with pytest.raises(socket.gaierror, match="not looked up"):
        socket.getaddrinfo("udl-teach.invalid", 80)


def test_commands_are_refused_another_machine():
    done = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True, timeout=60, check=True)
    assert_refused(done.stdout)


def test_notebook_kernels_are_refused_another_machine():
    from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel

    kernel, printed = RunningKernel(CURRENT_ENV_KERNEL_NAME), []
    try:
        reply = kernel.kc.execute_interactive(TRY, timeout=60, output_hook=lambda m: printed.append(m["content"]))
    finally:
        kernel.stop()
    assert reply["content"]["status"] == "ok"
    assert_refused("".join(content.get("text", "") for content in printed))


def test_this_machine_stays_within_reach():
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = threading.Thread(target=lambda: server.accept()[0].close())
        answer.start()
        with socket.create_connection(("localhost", server.getsockname()[1]), timeout=10) as one:
            assert one.recv(1) == b""
        answer.join()


def test_a_sitecustomize_of_the_machine_still_runs(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import os; os.environ['WAS_RUN'] = 'yes'", encoding="utf-8")
    path = os.pathsep.join([os.environ["PYTHONPATH"], str(tmp_path)])
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.environ['WAS_RUN'])" + TRY],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.startswith("yes")
    assert_refused(done.stdout)
