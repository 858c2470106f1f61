"""A mock-idp over TLS, in which alice answers every page."""

import atexit
import os
import pathlib
import subprocess
import tempfile
import urllib.parse

import requests

BIN = pathlib.Path(os.environ["BIN"])


class Mock:
    def __init__(self):
        self.state = tempfile.TemporaryDirectory()
        kept = ["--state-dir", self.state.name]
        ca = subprocess.run([BIN / "mock-idp", "ca", *kept], check=True, capture_output=True, text=True)
        # Whatever library asks reads it from here.
        os.environ["REQUESTS_CA_BUNDLE"] = ca.stdout.strip()
        os.environ["SSL_CERT_FILE"] = ca.stdout.strip()
        self.process = subprocess.Popen(
            [BIN / "mock-idp", "--tls", "--listen", "127.0.0.1:0", "--sign-in", "alice", *kept],
            stdout=subprocess.PIPE,
            text=True,
            env={"RUST_LOG": "warn", **os.environ},
        )
        atexit.register(self.stop)
        first = self.process.stdout.readline().strip()
        self.url = first.split(" listening on ")[1]
        directory = requests.get(f"{self.url}/_mock/directory", timeout=10).json()
        self.tenant_id = directory["tenants"][0]["tenant_id"]
        self.authority = f"{self.url}/{self.tenant_id}"
        self.apps = {app["name"]: app for app in directory["apps"]}

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()
        self.state.cleanup()


def redirected(url):
    """Where the authorize endpoint sends the browser."""
    response = requests.get(url, allow_redirects=False, timeout=10)
    assert response.status_code == 302, response.text
    return response.headers["location"]


def parameters(url):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
