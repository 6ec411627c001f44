#!/usr/bin/env python3
"""Runs nginx with the example for sign-on (app/packaging/nginx) between a client and two stand-ins:
one for avtalskoll, which says which headers reached it, and one for the sign-on service.

    tests/package/nginx_example.py
"""

import http.client
import http.server
import json
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "app/packaging/nginx/avtalskoll.conf"
FORGED = {
    "X-Avtalskoll-User": "admin",
    "x-avtalskoll-groups": "admins",
    "X_Avtalskoll_User": "admin",
    "X-Auth-Request-Preferred-Username": "admin",
}


class Application(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that it got."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps(self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "nginx"

    def log_message(self, *_):
        pass


class SignOn(Application):
    """Knows one person by a cookie."""

    def do_GET(self):
        known = "session=anna" in self.headers.get("Cookie", "")
        self.send_response(202 if known else 401)
        if known:
            self.send_header("X-Auth-Request-Preferred-Username", "anna")
            self.send_header("X-Auth-Request-Groups", "officers")
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


def get(port, path, cookie=None):
    """The status, the place it sends to, and the headers that reached the application."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    asked = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=context)
    asked.request("GET", path, headers={**FORGED, **({"Cookie": cookie} if cookie else {})})
    answer = asked.getresponse()
    body = answer.read()
    asked.close()
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
    anna = {"x-avtalskoll-user": ["anna"], "x-avtalskoll-groups": ["officers"]}
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


def main():
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
        for server in (
            UnixServer(str(folder / "serve.sock"), Application),
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
            finally:
                nginx.terminate()
    finally:
        shutil.rmtree(folder)
    print("nginx example: well")


if __name__ == "__main__":
    main()
