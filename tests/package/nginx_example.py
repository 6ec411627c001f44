#!/usr/bin/env python3
"""Runs nginx with the example for sign-on (app/packaging/nginx) before a stand-in for the sign-on
service. Behind it is first a stand-in for avtalskoll, which says which headers reached it, and then
`avtalskoll serve` itself.

    tests/package/nginx_example.py build/release
"""

import http.client
import http.server
import json
import os
import re
import shutil
import socket
import socketserver
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
EXAMPLE = SOURCE / "app/packaging/nginx/avtalskoll.conf"
SAMPLE = "4-agreement-missing"
# Whom the sign-on knows by a cookie, and their groups.
PEOPLE = {"anna": "staff,case-officers", "bo": "others"}
FORGED = {
    "X-Avtalskoll-User": "admin",
    "x-avtalskoll-groups": "chiefs",
    "X_Avtalskoll_User": "admin",
    "X-Auth-Request-Preferred-Username": "admin",
}


class Application(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that it got."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps(self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Connection", "close")  # nginx is to come back to avtalskoll, not to this
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "nginx"

    def log_message(self, *_):
        pass


class SignOn(Application):
    """Knows people by a cookie."""

    def do_GET(self):
        name = self.headers.get("Cookie", "").removeprefix("session=")
        self.send_response(202 if name in PEOPLE else 401)
        if name in PEOPLE:
            self.send_header("X-Auth-Request-Preferred-Username", name)
            self.send_header("X-Auth-Request-Groups", PEOPLE[name])
        self.send_header("Content-Length", "0")
        self.end_headers()


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def configure(folder, ports):
    """The example with this test's places instead of the machine's."""
    text = EXAMPLE.read_text()
    places = {
        "unix:/run/avtalskoll/serve.sock": f"unix:{folder}/serve.sock",
        "127.0.0.1:4180": f"127.0.0.1:{ports['sign_on']}",
        "/etc/ssl/avtalskoll": str(folder),
        "listen 80;": f"listen 127.0.0.1:{ports['http']};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{ports['https']} ssl http2;",
    }
    for place, instead in places.items():
        assert place in text, f"the example does not say {place}"
        text = text.replace(place, instead)
    text = re.sub(r" *listen \[::\].*\n", "", text)
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nuser root;\n"
        f"events {{}}\nhttp {{\naccess_log off;\nclient_body_temp_path {folder}/body;\n"
        f"proxy_temp_path {folder}/proxy;\n{text}}}\n"
    )


def ask(port, path, cookie=None, form=None):
    """The answer and its text. With `form`, it is sent as the site's own pages send it."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    asked = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=context)
    headers = {**FORGED, **({"Cookie": cookie} if cookie else {})}
    if form is None:
        asked.request("GET", path, headers=headers)
    else:
        headers |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": "https://127.0.0.1",
        }
        asked.request("POST", path, urllib.parse.urlencode(form), headers)
    answer = asked.getresponse()
    body = answer.read().decode()
    asked.close()
    return answer, body


def get(port, path, cookie=None):
    """The status, the place it sends to, and the headers that reached the application."""
    answer, body = ask(port, path, cookie)
    headers = json.loads(body) if answer.status == 200 else []
    return answer.status, answer.getheader("Location"), headers


def identity(headers):
    """What the headers say about who it is, by whatever spelling."""
    said = {}
    for name, value in headers:
        if "avtalskoll" in name.lower():
            said.setdefault(name.lower().replace("_", "-"), []).append(value)
    return said


def look(ports):
    status, place, _ = get(ports["https"], "/")
    assert status == 302 and "/oauth2/start?rd=https://" in place, (status, place)
    status, _, headers = get(ports["https"], "/", "session=anna")
    anna = {"x-avtalskoll-user": ["anna"], "x-avtalskoll-groups": [PEOPLE["anna"]]}
    assert (status, identity(headers)) == (200, anna), (status, headers)
    status, _, headers = get(ports["https"], "/api/v1/submissions")
    assert (status, identity(headers)) == (200, {}), (status, headers)
    status, _, _ = get(ports["https"], "/oauth2/auth", "session=anna")
    assert status == 404, f"the question to the sign-on is not for clients: {status}"
    for path in ("/healthz", "/readyz", "/metrics"):
        assert get(ports["https"], path, "session=anna")[0] == 404, path
    plain = http.client.HTTPConnection("127.0.0.1", ports["http"], timeout=20)
    plain.request("GET", "/x", headers={"Host": "avtal.example.org"})
    answer = plain.getresponse()
    place = answer.getheader("Location")
    assert (answer.status, place) == (308, "https://avtal.example.org/x"), (answer.status, place)


class Served:
    """`avtalskoll serve`, until the end of the block."""

    def __init__(self, program, *options):
        self.process = subprocess.Popen(
            [program, "serve", "--leave-checking", *options],
            env={**os.environ, "AVTALSKOLL_CONFIG": ""},
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        said = ""
        for line in self.process.stderr:
            said += line
            if "listening on" in line:
                self.said = said
                return self
        raise AssertionError(f"serve ended with {self.process.wait()}: {said}")

    def __exit__(self, *_):
        self.process.terminate()
        status = self.process.wait(30)
        assert status == 130, f"serve ended with {status}"


def checked_store(program, folder):
    """A store with one checked submission."""
    store = folder / "store.db"
    shutil.copytree(SOURCE / "data/samples" / SAMPLE, folder / "in" / SAMPLE)
    checked = subprocess.run(
        [program, "check", folder / "in", "--store", store, "--out", folder / "out"],
        env={**os.environ, "AVTALSKOLL_CONFIG": ""},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 1, f"the sample is flagged: {checked.stderr}"
    return store


def actors(store, action):
    """Who did that, by the audit log."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
        lines = database.execute("SELECT actor FROM audit WHERE action = ?", (action,))
        return [actor for (actor,) in lines]


def look_at_pages(port, store):
    """The real pages behind nginx."""
    queue, page = ask(port, "/", "session=anna")
    assert queue.status == 200 and SAMPLE in page, (queue.status, page[:300])
    assert "<span>anna</span>" in page and "Ladda upp" in page, "anna is an officer"
    assert "/anvandare" not in page, "what a client forges makes nobody an admin"
    csrf = re.search('name="csrf" value="([0-9a-f]{64})"', page).group(1)
    claim = f"/inlamning/{SAMPLE}/granska"
    for wrong in ("", csrf[:-1] + ("0" if csrf[-1] != "0" else "1")):
        refused, _ = ask(port, claim, "session=anna", {"csrf": wrong})
        assert refused.status == 403, f"a change without its token: {refused.status}"
    assert actors(store, "claimed") == []
    done, page = ask(port, claim, "session=anna", {"csrf": csrf})
    assert done.status == 303, (done.status, page[:300])
    assert actors(store, "claimed") == ["anna"], actors(store, "claimed")
    assert actors(store, "logged in") == ["anna"], actors(store, "logged in")
    for path in ("/", f"/inlamning/{SAMPLE}"):
        refused, page = ask(port, path, "session=bo")
        assert refused.status == 403 and "inloggad som bo" in page, (refused.status, page[:300])
    refused, _ = ask(port, "/logga-in", "session=anna", {"namn": "anna", "losenord": "x"})
    assert refused.status == 403, refused.status
    out, page = ask(port, "/logga-ut", "session=anna", {"csrf": csrf})
    assert out.status == 200 and "Logga ut där" in page, (out.status, page[:300])
    stranger, _ = ask(port, "/")
    assert stranger.status == 302, stranger.status
    system, _ = ask(port, "/api/v1/submissions", "session=anna")
    assert system.status == 401, f"other systems need a token: {system.status}"


def look_at_network(program, store, roles):
    """Over TCP the headers give nothing, whatever is configured."""
    with Served(program, "--store", store, "--listen", "127.0.0.1:0", *roles) as served:
        assert "sign-on is off" in served.said, served.said
        port = int(re.search(r"listening on http://127\.0\.0\.1:(\d+)", served.said).group(1))
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        told = {"X-Avtalskoll-User": "anna", "X-Avtalskoll-Groups": "case-officers"}
        asked.request("GET", "/", headers=told)
        answer = asked.getresponse()
        answer.read()
        place = answer.getheader("Location", "")
        assert answer.status == 303 and place.startswith("/logga-in"), (answer.status, place)
        asked.close()


def try_program(program, folder, ports):
    store, path = checked_store(program, folder), folder / "serve.sock"
    config = folder / "avtalskoll.conf"
    config.write_text(
        f"[serve]\nstore = {store}\nlisten = unix:{path}\n"
        'sign-on-role = ["officer=case-officers", "reader=staff", "admin=chiefs"]\n'
    )
    assert path.is_socket(), "the stand-in left its socket, which is to be replaced"
    with Served(program, "--config", config):
        assert path.stat().st_mode & 0o7777 == 0o660, oct(path.stat().st_mode)
        look_at_pages(ports["https"], store)
        second = subprocess.run(
            [program, "serve", "--config", config], capture_output=True, text=True, timeout=60
        )
        assert second.returncode == 2 and "a program listens there" in second.stderr, second
    assert not path.exists(), "the socket is gone with its program"
    look_at_network(program, store, ("--sign-on-role", "officer=case-officers"))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = Path(sys.argv[1]).resolve() / "avtalskoll"
    folder = Path(tempfile.mkdtemp(prefix="nginx-example-"))
    ports = {name: free_port() for name in ("http", "https", "sign_on")}
    try:
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=avtal.example.org",
                "-keyout",
                folder / "key.pem",
                "-out",
                folder / "certificate.pem",
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        configure(folder, ports)
        subprocess.run(["nginx", "-q", "-t", "-c", folder / "nginx.conf"], check=True)
        pages = UnixServer(str(folder / "serve.sock"), Application)
        for server in (
            pages,
            http.server.ThreadingHTTPServer(("127.0.0.1", ports["sign_on"]), SignOn),
        ):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        with subprocess.Popen(["nginx", "-c", folder / "nginx.conf"]) as nginx:
            try:
                for _ in range(100):
                    with socket.socket() as probe:
                        if probe.connect_ex(("127.0.0.1", ports["https"])) == 0:
                            break
                    time.sleep(0.05)
                look(ports)
                pages.shutdown()
                pages.server_close()
                try_program(program, folder, ports)
            finally:
                nginx.terminate()
    finally:
        shutil.rmtree(folder)
    print("nginx example: well")


if __name__ == "__main__":
    main()
