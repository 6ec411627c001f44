"""PostgreSQL and RabbitMQ of Debian's packages, each in a folder of its own, for tests."""
import contextlib
import glob
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

USER, PASSWORD = "provning", "hemligt"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def as_user(user):
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]


def new_folder(name, user):
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"avtalskoll-{name}-"))
    if os.geteuid() == 0:
        shutil.chown(folder, user, user)
    return folder


def wait_for_port(port, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise RuntimeError(f"nobody listens on port {port}")


class Postgresql:
    def __init__(self):
        self.bin = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        self.folder, self.port = new_folder("postgresql", "postgres"), free_port()
        (self.folder / "password").write_text(PASSWORD)
        (self.folder / "password").chmod(0o644)
        self.run("initdb", "-D", self.folder / "data", "-U", USER, "-A", "scram-sha-256",
                 f"--pwfile={self.folder / 'password'}", "--data-checksums", "-E", "UTF8",
                 "--locale=C.UTF-8")
        self.start()
        self.url = f"postgresql://{USER}@127.0.0.1:{self.port}/avtalskoll"
        self.psql("CREATE DATABASE avtalskoll", database="postgres")

    def run(self, program, *arguments):
        return subprocess.run(as_user("postgres") + [self.bin / program, *map(str, arguments)],
                              cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self):
        options = (f"-p {self.port} -c listen_addresses=127.0.0.1 "
                   f"-c unix_socket_directories={self.folder} -c max_connections=300")
        for _ in range(30):  # after a kill the first start may find the dead server's lock
            self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o",
                     options, "start")
            with contextlib.suppress(RuntimeError):
                return wait_for_port(self.port, 2)
        raise RuntimeError("PostgreSQL does not start")

    def kill(self):
        pid = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        children = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True).stdout
        subprocess.run(["kill", "-KILL", pid, *children.split()], stderr=subprocess.DEVNULL)

    def psql(self, sql, database="avtalskoll"):
        done = subprocess.run(
            [self.bin / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql,
             f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"],
            env={**os.environ, "PGPASSWORD": PASSWORD}, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Rabbitmq:
    def __init__(self):
        self.folder, self.port = new_folder("rabbitmq", "rabbitmq"), free_port()
        self.names_port = free_port()
        for name in ("home", "mnesia", "log"):
            (self.folder / name).mkdir()
        (self.folder / "enabled_plugins").write_text("[].\n")
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\ndefault_user = {USER}\n"
            f"default_pass = {PASSWORD}\nvm_memory_high_watermark.absolute = 512MB\n"
            "disk_free_limit.absolute = 50MB\nlog.console = true\n")
        subprocess.run(["chmod", "-R", "a+rX", self.folder])
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "rabbitmq:rabbitmq", self.folder])
        self.environment = {
            **os.environ, "HOME": str(self.folder / "home"),
            "RABBITMQ_NODENAME": f"avtalskoll{self.port}@localhost",
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_DIST_PORT": str(free_port()), "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.names_port), "ERL_EPMD_RELAXED_COMMAND_CHECK": "1",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS":
                "-kernel inet_dist_use_interface {127,0,0,1}"}
        self.url = f"amqp://{USER}@127.0.0.1:{self.port}/"
        self.start()

    def start(self):
        with open(self.folder / "console.log", "ab") as log:
            subprocess.Popen(as_user("rabbitmq") + ["/usr/lib/rabbitmq/bin/rabbitmq-server"],
                             env=self.environment, cwd=self.folder, stdout=log, stderr=log,
                             start_new_session=True)
        for _ in range(60):
            if self.control("await_startup") is not None:
                return
            time.sleep(1)
        raise RuntimeError("RabbitMQ does not start")

    def control(self, *arguments):
        """The answer of rabbitmqctl; None when it failed."""
        done = subprocess.run(
            as_user("rabbitmq") + ["/usr/lib/rabbitmq/bin/rabbitmqctl", "-q", *arguments],
            env=self.environment, cwd=self.folder, capture_output=True, text=True)
        return None if done.returncode else done.stdout

    def kill(self):
        subprocess.run(["pkill", "-KILL", "-f", f"[ ]{self.folder}/home"])

    def stop(self):
        self.kill()
        subprocess.run(["epmd", "-port", str(self.names_port), "-kill"],
                       stdout=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)
