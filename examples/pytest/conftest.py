"""Fixtures: a server for the run, started or found, and a sandbox for each test."""

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

LONGEST_START = 30
"""How long the server may take to start, in seconds."""


def ask(url, method="GET", body=None, headers=None):
    """Sends a request to the control plane; returns its JSON, or None for an empty response."""
    data = None if body is None else json.dumps(body).encode()
    headers = {**(headers or {}), **({} if data is None else {"content-type": "application/json"})}
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=10) as response:
        text = response.read()
    return json.loads(text) if text else None


def free_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


def wait_until_healthy(url, process):
    last = None
    for _ in range(LONGEST_START * 10):
        if process.poll() is not None:
            raise RuntimeError(f"Understudy ended with {process.returncode} before it was healthy.")
        try:
            return ask(f"{url}/__admin/health")
        except (urllib.error.URLError, OSError) as error:
            last = error
            time.sleep(0.1)
    raise RuntimeError(f"Understudy was not healthy after {LONGEST_START} s: {last}")


@pytest.fixture(scope="session")
def understudy():
    """The URL of a server: UNDERSTUDY_URL, or one that is started for the run."""
    found = os.environ.get("UNDERSTUDY_URL")
    if found:
        yield found.rstrip("/")
        return
    port = free_port()
    command = [shutil.which("npx") or "npx", "--no", "--", "understudy", "--port", str(port)]
    # A session of its own: npx does not pass signals on to the server.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, process)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=10)


class Sandbox:
    """A sandbox: base URLs and keys of the providers, and the calls of the control plane that tests need."""

    def __init__(self, url, name):
        self.url = url
        self.headers = {"x-understudy-sandbox": name}
        created = ask(f"{url}/__admin/sandboxes", "POST", {"name": name, "ttlSeconds": 600})
        self.providers = created["providers"]

    def admin(self, method, path, body=None):
        return ask(f"{self.url}/__admin{path}", method, body, self.headers)

    def add_fault(self, **rule):
        return self.admin("POST", "/faults", rule)

    def residues(self, *subjects):
        """What is left of a person, by id, e-mail address or name."""
        return self.admin("POST", "/erasure-checks", {"subjects": subjects})["residues"]

    def requests(self, operation):
        return self.admin("GET", f"/requests?operation={operation}")["requests"]


numbers = itertools.count(1)


@pytest.fixture
def sandbox(understudy):
    """A new sandbox; workers of pytest-xdist do not meet."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"pytest-{worker}-{os.getpid()}-{next(numbers)}"
    made = Sandbox(understudy, name)
    yield made
    made.admin("DELETE", f"/sandboxes/{name}")
