#!/usr/bin/env python3
"""Sends the mail of cases through a real mail server (Exim) on this machine. Needs root.

Usage: mail_server.py BUILD_DIR
Shows that a mail arrives whole over STARTTLS with a login, that a wrong password and a full mailbox
and a server that greylists make it wait, that an unknown recipient makes it fail, and that nothing
arrives twice.
"""
import email
import email.policy
import os
import pathlib
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

CONFIGURATION = """
primary_hostname = localhost
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = {folder}/certificate.pem
tls_privatekey = {folder}/key.pem
auth_advertise_hosts = *
acl_smtp_rcpt = rcpt
acl_smtp_auth = auth
acl_smtp_data = accept
domainlist local_domains = ek.example
begin acl
auth:
  deny condition = ${{if def:tls_cipher {{no}}{{yes}}}}
  accept
rcpt:
  deny !authenticated = *
       message = log in first
  defer local_parts = grey
       message = come again
  defer local_parts = full
       message = mailbox full
  deny local_parts = unknown
       message = no such user
  accept domains = +local_domains
  deny message = not here
begin routers
all:
  driver = accept
  transport = folder
begin transports
folder:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  user = {user}
  delivery_date_add
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{office}}}}{{eq{{$auth3}}{{secret word}}}}}}}}
"""
USER = "Debian-exim"


class Server:
    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                        folder / "key.pem", "-out", folder / "certificate.pem", "-subj",
                        "/CN=localhost", "-days", "2"], check=True, capture_output=True)
        owner = pwd.getpwnam(USER)
        for name in ("spool", "log", "mail"):
            (folder / name).mkdir()
        for path in [folder, *folder.iterdir()]:
            os.chown(path, owner.pw_uid, owner.pw_gid)
        configuration = folder / "exim.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, port=self.port, user=USER))
        configuration.chmod(0o644)
        self.process = None

    def start(self):
        self.process = subprocess.Popen(["/usr/sbin/exim4", "-bdf", "-C",
                                         str(self.folder / "exim.conf")])
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise SystemExit("the mail server did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def arrived(self, expected):
        """The messages that arrived, once there are so many, or after ten seconds."""
        for _ in range(100):
            found = list((self.folder / "mail" / "new").glob("*"))
            if len(found) >= expected:
                break
            time.sleep(0.1)
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                for path in found]


class Mailbox:
    """A store with mail that is written into it by hand."""

    def __init__(self, build, folder, server):
        self.program, self.server = str(build / "avtalskoll"), server
        self.store, self.credentials = folder / "store.db", folder / "credentials"
        sample = pathlib.Path(__file__).resolve().parents[2] / "data/samples/1-complete"
        shutil.copytree(sample, folder / "in" / "a")
        subprocess.run([self.program, "watch", folder / "in", "--once", "--quiet-seconds", "0",
                        "--store", self.store], check=True, capture_output=True)

    def write(self, recipient, number):
        with sqlite3.connect(self.store) as database:
            database.execute(
                "INSERT INTO mail (submission, at, officer, kind, message_id, recipient, text, "
                "state, next_try) VALUES (1, '2026-11-28T10:00:00Z', 'anna', 'request', ?, ?, ?, "
                "'waiting', '2026')",
                (f"<{number}@geo.example>", recipient,
                 f"Begäran {number}\n\nHej Kim!\n\n.\nÅÄÖ åäö\n"))

    def send(self, password="secret word"):
        self.credentials.write_text(f"office\n{password}\n")
        with sqlite3.connect(self.store) as database:  # it is time to try again
            database.execute("UPDATE mail SET next_try = '2026'")
        return subprocess.run(
            [self.program, "mail", "send", "--mail-server", f"smtp://127.0.0.1:{self.server.port}",
             "--mail-from", "Geo <avtal@geo.example>", "--mail-credentials", self.credentials,
             "--store", self.store], capture_output=True, text=True)

    def states(self):
        with sqlite3.connect(self.store) as database:
            return dict(database.execute("SELECT recipient, state FROM mail").fetchall())


def expect(what, got, expected):
    print(f"{'ok' if got == expected else 'FAULT'}: {what}")
    if got != expected:
        print(f"  expected {expected}\n  got      {got}")
    return got == expected


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="avtalskoll-mail-"))
    folder.chmod(0o755)
    server = Server(folder)
    mailbox = Mailbox(pathlib.Path(sys.argv[1]).resolve(), folder, server)
    good = []
    try:
        for number, name in enumerate(["kim", "grey", "full", "unknown"]):
            mailbox.write(f"{name}@ek.example", number)
        mailbox.send()
        good.append(expect("all waits while the server is down", set(mailbox.states().values()),
                           {"waiting"}))
        server.start()
        mailbox.send("wrong")
        good.append(expect("nothing goes with a wrong password", len(server.arrived(0)), 0))
        mailbox.send()
        good.append(expect(
            "a mail leaves, others wait or fail", mailbox.states(),
            {"kim@ek.example": "sent", "grey@ek.example": "waiting", "full@ek.example": "waiting",
             "unknown@ek.example": "failed"}))
        mailbox.send()
        messages = server.arrived(1)
        good.append(expect("it arrived once", len(messages), 1))
        good.append(expect("it is whole", (messages[0]["Subject"], messages[0]["Message-ID"],
                                           messages[0].get_content()),
                           ("Begäran 0", "<0@geo.example>", "Hej Kim!\n\n.\nÅÄÖ åäö\n")))
        log = (folder / "log" / "mainlog").read_text()
        good.append(expect("it went encrypted, with a login", " X=TLS" in log and "A=plain" in log,
                           True))
    finally:
        if server.process:
            server.stop()
        shutil.rmtree(folder)
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
