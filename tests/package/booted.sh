#!/bin/bash
# What booted.py has systemd run in the root: the package's services, as an administrator starts
# them. Writes to /result; its last line says END when everything held.
exec > /result 2>&1
trap 'sync; systemctl poweroff --force' EXIT
set -eEuo pipefail
trap 'echo "FAILED in line $LINENO: $BASH_COMMAND"; journalctl --no-pager -n 30 -u "avtalskoll-*"' ERR
store=/var/lib/avtalskoll/store.db
as_service() { runuser -u avtalskoll -- "$@"; }
log_of() { journalctl --no-pager -o cat -u "$1"; }
# Until a command succeeds, half a minute at most.
until_so() {
    for _ in $(seq 120); do
        if "$@"; then return 0; fi
        sleep 0.25
    done
    echo "never so: $*"
    return 1
}
listening() { log_of avtalskoll-serve | grep -q 'listening on'; }
judged() { as_service avtalskoll submissions list --store $store | grep -q incomplete; }

for unit in serve watch worker; do
    [ "$(systemctl is-enabled avtalskoll-$unit || true)" = disabled ]
done
as_service avtalskoll user add anna --role officer --store $store <<< "a password for this test alone"

systemctl start avtalskoll-serve avtalskoll-watch
until_so listening
exec 3<> /dev/tcp/127.0.0.1/8080
printf 'GET /logga-in HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
grep -q 'type="password"' <&3
install -d -o avtalskoll -g avtalskoll /var/lib/avtalskoll/inbox/sample
install -o avtalskoll -g avtalskoll -t /var/lib/avtalskoll/inbox/sample /srv/sample/*
until_so judged
process=$(systemctl show -p MainPID --value avtalskoll-watch)
grep -q '^CapEff:[[:space:]]*0*$' "/proc/$process/status"
grep -q '^Seccomp:[[:space:]]*2$' "/proc/$process/status"
echo "ok: pages and watcher, confined"

# The drawing process can confine itself within what the unit allows.
sed 's#^ExecStart=.*#ExecStart=/usr/bin/avtalskoll doctor#; s/^Type=.*/Type=oneshot/; /^Restart/d' \
    /lib/systemd/system/avtalskoll-watch.service > /etc/systemd/system/doctor.service
systemctl daemon-reload
systemctl start doctor
log_of doctor | grep -q 'ok    sandbox: system calls'
log_of doctor | grep -q 'ok    sandbox: Landlock'
echo "ok: sandbox within the unit"

for unit in serve watch; do
    start=$(date +%s)
    systemctl stop avtalskoll-$unit
    [ "$(systemctl show -p Result --value avtalskoll-$unit)" = success ]
    [ $(($(date +%s) - start)) -lt 60 ]
done
echo "ok: stopped"

# Lines that are sent to a file are rotated, and go on (docs/operations.md, Logs).
log=/var/log/avtalskoll/serve.log
install -o avtalskoll -g avtalskoll -m 0640 /dev/null $log
mkdir /etc/systemd/system/avtalskoll-serve.service.d
printf '[Service]\nStandardError=append:%s\n' $log \
    > /etc/systemd/system/avtalskoll-serve.service.d/log.conf
systemctl daemon-reload
systemctl start avtalskoll-serve
until_so grep -q 'listening on' $log
logrotate --force /etc/logrotate.d/avtalskoll
grep -q 'listening on' $log.1
[ ! -s $log ]
systemctl stop avtalskoll-serve
grep -q 'stopped' $log
rm -r /etc/systemd/system/avtalskoll-serve.service.d
systemctl daemon-reload
echo "ok: a log file is rotated"

# A worker is given its secrets.
install -d -m 0700 /etc/credstore
echo secret > /etc/credstore/avtalskoll.store-password
sed 's#^ExecStart=.*#ExecStart=/bin/sh -c "cat $CREDENTIALS_DIRECTORY/*"#; s/^Type=.*/Type=oneshot/; /^Restart/d' \
    /lib/systemd/system/avtalskoll-worker.service > /etc/systemd/system/secrets.service
systemctl daemon-reload
systemctl start secrets
log_of secrets | grep -qx secret
echo "ok: secrets"

systemctl enable -q avtalskoll-serve
systemctl start avtalskoll-serve
before=$(systemctl show -p MainPID --value avtalskoll-serve)
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --reinstall --no-install-recommends /package.deb > /dev/null
after=$(systemctl show -p MainPID --value avtalskoll-serve)
[ "$after" != 0 ] && [ "$after" != "$before" ]
[ "$(systemctl is-active avtalskoll-watch || true)" = inactive ]
echo "ok: an upgrade restarts what runs and starts nothing else"

apt-get purge -y -qq avtalskoll > /dev/null
[ "$(systemctl is-active avtalskoll-serve || true)" = inactive ]
[ ! -e /etc/systemd/system/multi-user.target.wants/avtalskoll-serve.service ]
[ ! -e /var/lib/avtalskoll ]
echo "ok: a purge stops a service and leaves no enabled one"
echo END
