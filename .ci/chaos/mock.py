"""mock-idp amid what happens to programs in CI. Each situation is a function; they run at the same time."""

import concurrent.futures
import contextlib
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

MOCK_IDP = pathlib.Path(os.environ["BIN"]) / "mock-idp"
DISCOVERY = "/contoso.example/v2.0/.well-known/openid-configuration"
TOKEN = "/contoso.example/oauth2/v2.0/token"


@contextlib.contextmanager
def mock(*arguments, listen="127.0.0.1:0", stderr=subprocess.DEVNULL, descriptors=None):
    """A running mock and its URL; killed at the end if it still runs."""
    limited = ["prlimit", f"--nofile={descriptors}"] if descriptors else []
    process = subprocess.Popen(
        [*limited, MOCK_IDP, "--listen", listen, *arguments], stdout=subprocess.PIPE, stderr=stderr, text=True
    )
    try:
        first = process.stdout.readline().strip()
        assert " listening on " in first, first
        yield process, first.split(" listening on ")[1]
    finally:
        process.kill()
        process.wait()


def address(url):
    host, port = url.rsplit("/", 1)[1].rsplit(":", 1)
    return host, int(port)


def connect(url, text=b""):
    connection = socket.create_connection(address(url), timeout=10)
    connection.sendall(text)
    return connection


def get(url, data=None, context=None, patience=10):
    request = urllib.request.Request(url, data=data)
    try:
        with urllib.request.urlopen(request, timeout=patience, context=context) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def ends(process, patience=5):
    """SIGTERM ends it with status 0 in time."""
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=patience) == 0, process.returncode


def megabytes(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    raise AssertionError("no VmRSS")


def half_open_clients():
    """Clients that send half a request hold all descriptors, but not for ever."""
    halves = [b"", b"GET / HTTP/1.1\r\nx: ", f"POST {TOKEN} HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\na".encode()]
    with mock(descriptors=100) as (process, url):
        clients = [connect(url, halves[n % len(halves)]) for n in range(150)]
        # An honest client waits behind them until the first are given up, after 30 seconds.
        assert get(url + DISCOVERY, patience=40) == 200
        ends(process)
        for client in clients:
            client.close()


def flood():
    """What strangers send is not kept."""
    with mock() as (process, url):
        form = b"grant_type=client_credentials&client_id=" + b"a" * 60_000
        for _ in range(2_000):
            assert get(url + TOKEN, data=form) == 400
        assert get(url + TOKEN, data=b"a" * 2_000_000) == 413
        assert megabytes(process) < 100, f"{megabytes(process)} MB"
        with urllib.request.urlopen(f"{url}/_mock/requests", timeout=10) as response:
            assert len(response.read()) < 4_000_000
        ends(process)


def stalled_readers():
    """Readers of the live requests that read nothing cost little and hold nothing up."""
    with mock() as (process, url):
        stream = b"GET /_mock/requests/stream?after=0 HTTP/1.1\r\nhost: localhost\r\n\r\n"
        readers = [connect(url, stream) for _ in range(200)]
        for _ in range(500):
            assert get(url + DISCOVERY) == 200
        assert megabytes(process) < 150, f"{megabytes(process)} MB"
        ends(process)
        for reader in readers:
            reader.close()


def unread_log():
    """Nobody reads standard error; or it cannot be written."""
    with mock(stderr=subprocess.PIPE) as (process, url):
        for _ in range(2_000):
            assert get(url + DISCOVERY) == 200
        ends(process)
    with open("/dev/full", "wb") as full, mock(stderr=full) as (process, url):
        for _ in range(20):
            assert get(url + DISCOVERY) == 200
        ends(process)


def full_disk():
    """What cannot be written gives one line and a status, or does not matter."""
    with open("/dev/full", "wb") as full:
        for arguments in (["token"], ["config"], ["--help"]):
            ended = subprocess.run([MOCK_IDP, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=10, text=True)
            assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended
        ended = subprocess.run([MOCK_IDP, "--bogus"], stderr=full, timeout=10)
        assert ended.returncode == 2, ended
    for arguments in (["--ready-file", "/dev/full/ready"], ["--tls", "--state-dir", "/dev/full"]):
        ended = subprocess.run(
            [MOCK_IDP, "--listen", "127.0.0.1:0", *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=10, text=True,
        )
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended


def signals():
    """SIGHUP under load loses no request; SIGTERM ends it with connections open; SIGKILL frees the port."""
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "directory.toml"
        good = subprocess.run([MOCK_IDP, "config"], check=True, capture_output=True, text=True).stdout
        config.write_text(good)
        with mock("--config", str(config)) as (process, url):
            for n in range(40):
                config.write_text(good if n % 2 else "[[tenants]]\nnme = 1")
                process.send_signal(signal.SIGHUP)
                for _ in range(10):
                    assert get(url + DISCOVERY) == 200
            clients = [connect(url, b"GET / HT") for _ in range(50)]
            ends(process)
            for client in clients:
                client.close()
    with mock() as (process, url):
        process.kill()
        process.wait()
        with mock(listen="{}:{}".format(*address(url))) as (_, again):
            assert again == url


def parallel_starts():
    """Processes that start at once on one new state directory share one CA."""
    for _ in range(8):
        with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
            state = str(pathlib.Path(folder) / "new")
            mocks = [mock("--tls", "--state-dir", state) for _ in range(4)]
            with concurrent.futures.ThreadPoolExecutor() as pool:
                started = list(pool.map(lambda one: one.__enter__(), mocks))
            for one in mocks:
                stack.push(one.__exit__)
            context = ssl.create_default_context(cafile=f"{state}/ca.pem")
            for _, url in started:
                assert get(url + DISCOVERY, context=context) == 200


SITUATIONS = [half_open_clients, flood, stalled_readers, unread_log, full_disk, signals, parallel_starts]


def main():
    failed = False
    with concurrent.futures.ThreadPoolExecutor(len(SITUATIONS)) as pool:
        running = {pool.submit(situation): situation for situation in SITUATIONS}
        begun = time.monotonic()
        for done in concurrent.futures.as_completed(running):
            situation, error = running[done], done.exception()
            print(f"{'FAILED' if error else 'ok':7}{situation.__name__} after {time.monotonic() - begun:.1f} s", flush=True)
            if error:
                failed = True
                print(f"       {situation.__doc__}\n       {error!r}", flush=True)
    sys.exit(failed)


main()
