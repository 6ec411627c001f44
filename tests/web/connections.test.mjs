// Connections that are slow, idle, busy or no HTTP at all. docs/review.md has the list of attacks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { logInTo, makeStore, portOf, rawTo, startServer, statusOf } from "./harness.mjs";

const kCase = "/inlamning/4-agreement-missing";

let server;
before(async () => {
  server = await startServer(makeStore(["4-agreement-missing"]), ["--max-connections", "64"]);
});
after(async () => assert.equal(await server.stop(), 130));

const raw = (bytes, most) => rawTo(server.origin, bytes, most);

/** Megabytes of memory that the server has now. */
const memory = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]) / 1024;

test("bytes that are no HTTP, or that contradict themselves, are refused", async () => {
  const post = (header, body = "") => `POST / HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n${body}`;
  for (const bytes of [
    "\r\n\r\n\r\n",
    "GET\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "GET / HTTP/9.9\r\n\r\n",
    post("Content-Length: -1"),
    post("Content-Length: 3\r\nContent-Length: 4", "abcd"),
    post("Content-Length: 3\r\nTransfer-Encoding: chunked", "abc"),
    post("Transfer-Encoding: chunked", "zz\r\n"),
  ])
    assert.ok([0, 400].includes(statusOf(await raw(bytes, 12_000))), JSON.stringify(bytes));
  for (const method of ["PUT", "DELETE", "TRACE", "OPTIONS", "HACK"]) {
    const answer = await raw(`${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.ok([400, 403, 405].includes(statusOf(answer)), method);
  }
});

test("slow and idle connections beyond the limit keep nobody from being served", async () => {
  const { cookie } = await logInTo(server.origin);
  const before_ = memory();
  const port = portOf(server.origin);
  const slow = [];
  for (let i = 0; i < 1000; ++i) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    if (i % 2) socket.write("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    slow.push(socket);
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const started = Date.now();
  const headers = { cookie, connection: "close" };
  for (let i = 0; i < 20; ++i)
    assert.equal((await fetch(`${server.origin}/`, { redirect: "manual", headers })).status, 200);
  assert.ok(Date.now() - started < 10_000);
  for (const socket of slow) socket.destroy();
  assert.ok(memory() < before_ + 64, `${memory()} MB after, ${before_} MB before`);
});

test("connections that ask without a pause delay new ones by a few rounds only", async () => {
  const { cookie } = await logInTo(server.origin);
  const kBusy = 15,
    kNew = 40;
  const ask = `GET ${kCase} HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n\r\n`;
  const sockets = [];
  const port = portOf(server.origin);
  const open = (times, onText) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(ask.repeat(times)));
    sockets.push(socket.setEncoding("utf8").on("data", onText));
  };
  let byBusy = 0;
  const count = (text) => (byBusy += text.split("HTTP/1.1 200").length - 1);
  for (let i = 0; i < kBusy; ++i) open(100, count);
  while (byBusy < kBusy) await new Promise((resolve) => setTimeout(resolve, 5));
  const before_ = byBusy;
  const answered = () => new Promise((resolve) => open(1, resolve));
  await Promise.all(Array.from({ length: kNew }, answered));
  for (const socket of sockets) socket.destroy();
  const rounds = (byBusy - before_) / kBusy;
  assert.ok(rounds < 5, `${rounds} rounds`);
});
