// What somebody hostile, careless or broken may send, and how each ends. docs/review.md has the list.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { kPassword, kRoot, makeStore, run, startServer } from "./harness.mjs";

const kCase = "/inlamning/4-agreement-missing";
const pdf = readFileSync(join(kRoot, "data", "samples", "4-agreement-missing", "avtal_1.pdf"));

let server, made, token, readerToken;
before(async () => {
  made = makeStore(["4-agreement-missing"]);
  token = run(["token", "add", "system", "--role", "officer", "--store", made.store]).trim();
  readerToken = run(["token", "add", "lasare", "--role", "reader", "--store", made.store]).trim();
  server = await startServer(made, ["--max-upload-mb", "2", "--max-connections", "64"]);
});
after(async () => assert.equal(await server.stop(), 130));

const request = (path, options = {}) => fetch(server.origin + path, { redirect: "manual", ...options });

/** The session's cookie and CSRF token of a new login. */
async function logIn(name = "anna") {
  const answer = await request("/logga-in", { method: "POST", headers: { origin: server.origin }, body: new URLSearchParams({ namn: name, losenord: kPassword, till: "/" }) });
  assert.equal(answer.status, 303);
  const cookie = answer.headers.get("set-cookie").split(";")[0];
  const page = await (await request("/", { headers: { cookie } })).text();
  return { cookie, csrf: /name="csrf" value="([0-9a-f]{64})"/.exec(page)[1], attributes: answer.headers.get("set-cookie") };
}

/** Sends bytes as they are; all that came back until the server closed, or `most` milliseconds passed. */
const raw = (bytes, most = 15_000) =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(server.origin).port), "127.0.0.1", () => socket.write(bytes));
    let got = "";
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(got);
    };
    const timer = setTimeout(end, most);
    socket.on("data", (data) => (got += data)).on("close", end).on("error", end);
  });
const statusOf = (answer) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]) / 1024;

test("cookies are host-only, secure, unseen by scripts and same-site; logging out ends the session on the server", async () => {
  const { cookie, csrf, attributes } = await logIn();
  for (const part of ["__Host-", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"]) assert.ok(attributes.includes(part), part);
  assert.ok(!attributes.includes("Domain"));
  assert.equal((await request("/", { headers: { cookie } })).status, 200);
  await request("/logga-ut", { method: "POST", headers: { cookie, origin: server.origin }, body: new URLSearchParams({ csrf }) });
  assert.equal((await request("/", { headers: { cookie } })).status, 303);
});

test("every answer carries the security headers", async () => {
  const { cookie } = await logIn();
  for (const path of ["/", kCase, "/static/review.js", "/finns-inte", "/logga-in", "/api/v1/submissions", `${kCase}/sida/1/1`]) {
    const { headers } = await request(path, { headers: { cookie } });
    assert.match(headers.get("content-security-policy"), /^default-src 'none'; script-src 'self'; style-src 'self'/, path);
    assert.doesNotMatch(headers.get("content-security-policy"), /unsafe|\*|data:/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-frame-options"), "DENY");
    if (!path.startsWith("/static")) assert.equal(headers.get("cache-control"), "no-store", path);
  }
});

test("a change without token, with a wrong one, or from another site is refused", async () => {
  const { cookie, csrf } = await logIn();
  const post = (headers, body) => request(`${kCase}/granska`, { method: "POST", headers: { cookie, ...headers }, body: new URLSearchParams(body) });
  assert.equal((await post({ origin: server.origin }, {})).status, 403);
  assert.equal((await post({ origin: server.origin }, { csrf: "0".repeat(64) })).status, 403);
  assert.equal((await post({}, { csrf })).status, 403);
  assert.equal((await post({ origin: "https://example.org" }, { csrf })).status, 403);
  assert.equal((await post({ origin: "null" }, { csrf })).status, 403);
  assert.equal((await post({ origin: server.origin, "sec-fetch-site": "cross-site" }, { csrf })).status, 403);
  assert.equal((await post({ origin: server.origin }, { csrf: (await logIn("bo")).csrf })).status, 403);
  assert.equal((await request("/logga-in", { method: "POST", headers: { origin: "https://example.org" }, body: new URLSearchParams({ namn: "anna", losenord: kPassword }) })).status, 403);
  const upload = new FormData();
  upload.set("filer", new Blob([pdf]), "a.pdf");
  assert.equal((await request("/ladda-upp", { method: "POST", headers: { cookie, origin: server.origin }, body: upload })).status, 403);
  assert.equal((await post({ origin: server.origin }, { csrf })).status, 303);
  assert.equal((await request(`${kCase}/slapp`, { method: "POST", headers: { cookie, origin: server.origin }, body: new URLSearchParams({ csrf }) })).status, 303);
});

test("roles hold on every route", async () => {
  const { cookie, csrf } = await logIn("rut");
  for (const path of ["granska", "ta-over", "slapp", "beslut", "angra", "brev"])
    assert.equal((await request(`${kCase}/${path}`, { method: "POST", headers: { cookie, origin: server.origin }, body: new URLSearchParams({ csrf }) })).status, 403, path);
  for (const path of ["/ladda-upp", "/logg", "/anvandare", `${kCase}/original/1`, `${kCase}/brev`]) assert.equal((await request(path, { headers: { cookie } })).status, 403, path);
  const bearer = { authorization: `Bearer ${readerToken}` };
  assert.equal((await request("/api/v1/submissions", { headers: bearer })).status, 200);
  assert.equal((await request("/api/v1/submissions/4-agreement-missing/decisions", { method: "POST", headers: bearer, body: "{}" })).status, 403);
  assert.equal((await request("/logg", { method: "POST", headers: { cookie } })).status, 405);
});

test("wrong tokens and tokens in wrong places open nothing", async () => {
  for (const authorization of ["", "Bearer ", "Bearer 0", `Bearer ${"0".repeat(64)}`, `Basic ${token}`, `Bearer ${token}x`, `bearer ${token}`])
    assert.equal((await request("/api/v1/submissions", { headers: { authorization } })).status, 401, authorization.slice(0, 12));
  assert.equal((await request(`/api/v1/submissions?token=${token}`)).status, 401);
  assert.equal((await request("/", { headers: { authorization: `Bearer ${token}` } })).status, 303);
  const { cookie } = await logIn();
  assert.equal((await request("/api/v1/submissions", { headers: { cookie } })).status, 401);
  assert.equal((await request("/", { headers: { cookie: "__Host-avtalskoll=' OR 1=1 --" } })).status, 303);
});

test("guessing passwords is slowed down, for known names and unknown ones", async () => {
  const guess = async (namn) => (await request("/logga-in", { method: "POST", headers: { origin: server.origin }, body: new URLSearchParams({ namn, losenord: "gissning gissning" }) })).status;
  for (const name of ["bo", "ingen alls"]) {
    for (let i = 0; i < 5; ++i) assert.equal(await guess(name), 403);
    assert.equal(await guess(name), 429);
  }
  assert.ok((await logIn("anna")).cookie);
});

test("nobody is led to another site after the login", async () => {
  for (const till of ["//example.org", "https://example.org", "/\\example.org", "javascript:alert(1)", "/\r\nX: y", "/\t/example.org"]) {
    const answer = await request("/logga-in", { method: "POST", headers: { origin: server.origin }, body: new URLSearchParams({ namn: "anna", losenord: kPassword, till }) });
    assert.equal(answer.headers.get("location"), "/", till);
    assert.equal(answer.headers.get("x"), null);
  }
});

test("paths that try to leave the store, and targets that are none", async () => {
  const { cookie } = await logIn();
  const get = async (target) => statusOf(await raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`));
  for (const target of ["/../etc/passwd", "/static/../pages/head.mustache", "/static/..%2fpages%2fhead.mustache", "/static/%2e%2e/x", "/inlamning/%00", "/inlamning/%ff", "/%zz", "/inlamning/%0d%0aX:y", "*", "http:", "/?q=%ff"])
    assert.ok([400, 404].includes(await get(target)), `${target}: ${await get(target)}`);
  for (const path of [`${kCase}/original/0`, `${kCase}/original/2`, `${kCase}/original/-1`, `${kCase}/original/1x`, `${kCase}/original/99999999999999999999`, `${kCase}/sida/1/0`, `${kCase}/sida/1/9999`, `${kCase}/sida/2/1`,
    `${kCase}/utsnitt/producentavtal/1/inget`, `${kCase}/brev/1`, "/inlamning/'%20OR%201=1"]) {
    const answer = await request(path, { headers: { cookie } });
    assert.ok([400, 404, 303].includes(answer.status) && answer.headers.get("location") !== "/logga-in", `${path}: ${answer.status}`);
  }
});

test("what a search says is shown as text", async () => {
  const { cookie } = await logIn();
  const page = await (await request(`/?q=${encodeURIComponent(`"><script>alert(1)</script>{{csrf}}`)}`, { headers: { cookie } })).text();
  assert.ok(!page.includes("<script>alert"));
  assert.ok(page.includes("&lt;script&gt;alert(1)"));
  assert.ok(page.includes("{{csrf}}"), "a template in a value is no template");
  for (const q of ["' OR 1=1 --", "%", "_", "\u0000", "a".repeat(5000), "\\", "😀"]) assert.ok([200, 400].includes((await request(`/?q=${encodeURIComponent(q)}`, { headers: { cookie } })).status), q.slice(0, 9));
  for (const sida of ["0", "-1", "1e9", "99999999999", "x"]) assert.equal((await request(`/?sida=${sida}`, { headers: { cookie } })).status, 200);
});

test("originals are only handed out to be saved, pages only as pictures", async () => {
  const { cookie } = await logIn();
  const original = await request(`${kCase}/original/1`, { headers: { cookie } });
  assert.equal(original.headers.get("content-type"), "application/octet-stream");
  assert.match(original.headers.get("content-disposition"), /^attachment;/);
  assert.ok(pdf.equals(Buffer.from(await original.arrayBuffer())));
  const page = await request(`${kCase}/sida/1/1`, { headers: { cookie } });
  assert.equal(page.headers.get("content-type"), "image/png");
  assert.equal((await request(`${kCase}/sida/1/1`)).status, 303);
});

test("headers and bodies that are too large are refused", async () => {
  assert.equal(statusOf(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(64 << 10)}\r\n\r\n`)), 431);
  assert.equal(statusOf(await raw(`GET /${"a".repeat(64 << 10)} HTTP/1.1\r\nHost: x\r\n\r\n`)), 431);
  assert.equal(statusOf(await raw("POST /logga-in HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")), 413);
  assert.equal(statusOf(await raw("POST /logga-in HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n")), 400);
  assert.equal(statusOf(await raw("POST /logga-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + `10000\r\n${"a".repeat(0x10000)}\r\n`.repeat(8))), 413);
  const answer = await request("/api/v1/submissions", { method: "POST", headers: { authorization: `Bearer ${token}` }, body: new Blob([new Uint8Array(3 << 20)]) });
  assert.equal(answer.status, 413);
  assert.match((await answer.json()).detail, /för stort/);
});

test("what is no HTTP, or says two things, is refused", async () => {
  for (const bytes of ["\r\n\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "GET / HTTP/9.9\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"])
    assert.ok([0, 400].includes(statusOf(await raw(bytes, 12_000))), JSON.stringify(bytes));
  for (const method of ["PUT", "DELETE", "TRACE", "OPTIONS", "HACK"]) assert.ok([400, 403, 405].includes(statusOf(await raw(`${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`))), method);
});

test("broken uploads are told so and leave nothing", async () => {
  const upload = async (type, body) => {
    const answer = await request("/api/v1/submissions", { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": type }, body: Buffer.from(body, "latin1") });
    return [answer.status, (await answer.json()).detail];
  };
  const part = (name, file, content) => `--x\r\nContent-Disposition: form-data; name="${name}"${file === null ? "" : `; filename="${file}"`}\r\n\r\n${content}\r\n`;
  const whole = `${part("filer", "a.pdf", "%PDF-1.4")}--x--\r\n`;
  for (const [type, body] of [["text/plain", "x"], ["multipart/form-data", whole], ["multipart/form-data; boundary=", whole], [`multipart/form-data; boundary=${"y".repeat(80)}`, whole], ["multipart/form-data; boundary=x", ""],
    ["multipart/form-data; boundary=x", whole.slice(0, 40)], ["multipart/form-data; boundary=x", "--x--"], ["multipart/form-data; boundary=x", `--x\r\nno header\r\n\r\n--x--`], ["multipart/form-data; boundary=x", part("filer", "a.txt", "text") + "--x--"],
    ["multipart/form-data; boundary=x", part("filer", "submission.json", "{}") + "--x--"], ["multipart/form-data; boundary=x", part("id", null, "../x") + whole], ["multipart/form-data; boundary=x", part("id", null, "\xff") + whole],
    ["multipart/form-data; boundary=x", part("id", null, "a".repeat(5000)) + whole], ["multipart/form-data; boundary=x", part("a", null, "b").repeat(300) + whole], ["multipart/form-data; boundary=x", part("organisationsnummer", null, "1") + whole]]) {
    const [status, detail] = await upload(type, body);
    assert.ok(status === 422 || status === 400, `${type}, ${body.slice(0, 60)}: ${status}`);
    assert.ok(detail.length > 10);
  }
  const { total } = await (await request("/api/v1/submissions", { headers: { authorization: `Bearer ${token}` } })).json();
  assert.equal(total, 1);
  for (const name of ["../../../tmp/x.pdf", "..\\x.pdf", ".hidden.pdf", "/etc/x.pdf", "a\u0001.pdf"]) {
    const form = new FormData();
    form.set("id", `namn ${name.length}`);
    form.set("filer", new Blob([`${name}%PDF`]), name);
    assert.equal((await request("/api/v1/submissions", { method: "POST", headers: { authorization: `Bearer ${token}` }, body: form })).status, 202, name);
  }
});

test("an upload through the API is checked, and decided with the same rules", async () => {
  const headers = { authorization: `Bearer ${token}` };
  const form = new FormData();
  form.set("id", "fran-systemet");
  form.set("personuppgifter", "ja");
  form.set("filer", new Blob([pdf]), "avtal.pdf");
  const taken = await request("/api/v1/submissions", { method: "POST", headers, body: form });
  assert.equal(taken.status, 202);
  const path = taken.headers.get("location");
  let now;
  for (let i = 0; i < 300 && !(now = await (await request(path, { headers })).json()).verdict; ++i) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(now.verdict, "incomplete");
  const decide = async (wish) => {
    const answer = await request(`${path}/decisions`, { method: "POST", headers, body: JSON.stringify(wish) });
    return { ...(await answer.json()), code: answer.status };
  };
  assert.equal((await decide({ action: "approve", revision: now.revision })).code, 422);
  assert.equal((await decide({ action: "approve", revision: "0.0" })).code, 409);
  assert.equal((await decide({ action: "fly", revision: now.revision })).code, 400);
  assert.equal((await decide({ action: "correct", revision: now.revision, form: "producentavtal", point: "1", field: "organisation_number", value: "212000-0291" })).code, 422);
  const corrected = await decide({ action: "correct", revision: now.revision, form: "producentavtal", point: "1", field: "organisation_number", value: "2120000290" });
  assert.equal(corrected.code, 200);
  const both = await Promise.all([1, 2, 3, 4].map(() => decide({ action: "missing", revision: corrected.revision, form: "producentavtal", point: "14", field: "signature" })));
  assert.deepEqual(both.map((b) => b.code).sort(), [200, 409, 409, 409]);
  const { decisions } = await (await request(`${path}/decisions`, { headers })).json();
  assert.deepEqual(decisions.map((d) => [d.officer, d.action, d.new_value]), [["token system", "correct", "212000-0290"], ["token system", "missing", null]]);
  assert.equal((await (await request(`${path}/report`, { headers })).json()).schema, "avtalskoll/report/1");
  const again = await request("/api/v1/submissions", { method: "POST", headers, body: form });
  assert.deepEqual([again.status, (await again.json()).known], [200, true]);
});

/** A form with one file of these bytes. */
function formOf(fields, bytes, name = "avtal.pdf") {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set("filer", new Blob([bytes]), name);
  return form;
}

test("the API takes nothing in under an id with other files until it is told how", async () => {
  const headers = { authorization: `Bearer ${token}` };
  const upload = async (fields, bytes) => {
    const answer = await request("/api/v1/submissions", { method: "POST", headers, body: formOf({ id: "fragas", ...fields }, bytes) });
    return { code: answer.status, ...(await answer.json()) };
  };
  assert.equal((await upload({}, "%PDF one")).code, 202);
  const asked = await upload({}, "%PDF two");
  assert.equal(asked.code, 409);
  assert.deepEqual(asked.choices.map((choice) => choice.val), ["add", "replace", "new"]);
  assert.deepEqual([asked.submission.id, asked.submission.files, asked.submission.purged], ["fragas", 1, false]);
  assert.equal((await upload({ val: "fly" }, "%PDF two")).code, 422);
  assert.deepEqual([(await upload({ val: "new" }, "%PDF two")).id, (await upload({ val: "add" }, "%PDF three")).id], ["fragas-2", "fragas"]);
  assert.equal((await upload({}, "%PDF four")).submission.files, 2);
  assert.equal((await upload({ val: "replace" }, "%PDF four")).code, 202);
  assert.equal((await upload({}, "%PDF five")).submission.files, 1);
  const empty = await upload({}, "");
  assert.deepEqual([empty.code, empty.detail.startsWith("Filen avtal.pdf är tom")], [422, true]);
});

test("an upload that waits for an answer is its sender's alone, and is answered once", async () => {
  const anna = await logIn(), adam = await logIn("adam");
  const send = ({ cookie, csrf }, bytes) => request("/ladda-upp", { method: "POST", headers: { cookie, origin: server.origin }, body: formOf({ csrf, id: "vantar" }, bytes) });
  assert.match((await send(anna, "%PDF a")).headers.get("location"), /inlamning/);
  const question = (await send(anna, "%PDF b")).headers.get("location");
  assert.match(question, /^\/ladda-upp\/fraga\/[0-9a-f]{32}$/);
  const page = async (who) => request(question, { headers: { cookie: who.cookie } });
  const answer = (who, fields) => request(question, { method: "POST", headers: { cookie: who.cookie, origin: server.origin }, body: new URLSearchParams(fields) });
  assert.equal((await page(adam)).status, 404);
  const text = await (await page(anna)).text();
  for (const words of ["Lägg till", "Ersätt", "Nytt ärende", "Avbryt", "1 fil"]) assert.ok(text.includes(words), words);
  const sett = /name="sett" value="([0-9a-f]{64})"/.exec(text)[1];
  assert.equal((await answer(anna, { val: "replace", sett })).status, 403);
  assert.equal((await answer(adam, { csrf: adam.csrf, val: "replace", sett })).status, 404);
  assert.equal((await answer(anna, { csrf: anna.csrf, val: "fly", sett })).status, 400);
  assert.equal((await answer(anna, { csrf: anna.csrf, val: "replace", sett: "0".repeat(64) })).status, 409);
  assert.equal((await answer(anna, { csrf: anna.csrf, val: "replace", sett })).status, 303);
  assert.equal((await answer(anna, { csrf: anna.csrf, val: "replace", sett })).status, 404);
});

test("every path of the API's description is there, and asks for a token", async () => {
  const described = await (await request("/api/v1/openapi.json")).json();
  assert.match(described.openapi, /^3\./);
  let operations = 0;
  for (const [path, item] of Object.entries(described.paths))
    for (const method of Object.keys(item).filter((key) => key !== "parameters")) {
      const url = `/api/v1${path.replace("{id}", "4-agreement-missing")}`;
      const options = { method: method.toUpperCase(), ...(method === "post" ? { body: "x" } : {}) };
      assert.equal((await request(url, options)).status, 401, url);
      const { status } = await request(url, { ...options, headers: { authorization: `Bearer ${token}` } });
      assert.ok(Object.keys(item[method].responses).includes(String(status)), `${method} ${url}: ${status} is described`);
      ++operations;
    }
  assert.equal(operations, 6);
});

test("strangers cannot begin uploads, so they cannot keep others from theirs", async () => {
  for (const [path, headers, status] of [["/ladda-upp", "", 403], ["/api/v1/submissions", "", 401], ["/api/v1/submissions", `Authorization: Bearer ${readerToken}\r\n`, 403]])
    for (let i = 0; i < 6; ++i) assert.equal(statusOf(await raw(`POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: 1000000\r\n\r\n`, 5000)), status, path);
  const { cookie } = await logIn();
  assert.equal(statusOf(await raw(`POST /ladda-upp HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\nOrigin: http://evil\r\nContent-Length: 1000000\r\n\r\n`, 5000)), 403);
});

test("slow and idle connections, many more than there is room for, keep nobody from being served", async () => {
  const { cookie } = await logIn();
  const before_ = memory();
  const port = Number(new URL(server.origin).port);
  const slow = [];
  for (let i = 0; i < 1000; ++i) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    if (i % 2) socket.write("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    slow.push(socket);
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const started = Date.now();
  for (let i = 0; i < 20; ++i) assert.equal((await request("/", { headers: { cookie, connection: "close" } })).status, 200);
  assert.ok(Date.now() - started < 10_000);
  for (const socket of slow) socket.destroy();
  assert.ok(memory() < before_ + 64, `${memory()} MB after, ${before_} MB before`);
});

test("connections that ask without a pause keep no new one waiting longer than a few rounds of theirs", async () => {
  const { cookie } = await logIn();
  const kBusy = 15, kNew = 40;
  const ask = `GET ${kCase} HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n\r\n`;
  const sockets = [];
  const open = (times, onText) => sockets.push(connect(Number(new URL(server.origin).port), "127.0.0.1", function () { this.write(ask.repeat(times)); }).setEncoding("utf8").on("data", onText));
  let byBusy = 0;
  for (let i = 0; i < kBusy; ++i) open(100, (text) => (byBusy += text.split("HTTP/1.1 200").length - 1));
  while (byBusy < kBusy) await new Promise((resolve) => setTimeout(resolve, 5));
  const before_ = byBusy;
  await Promise.all(Array.from({ length: kNew }, () => new Promise((resolve) => open(1, resolve))));
  for (const socket of sockets) socket.destroy();
  const rounds = (byBusy - before_) / kBusy;
  assert.ok(rounds < 5, `${rounds} rounds`);
});

test("a store that another program holds gives 503 in Swedish, and goes on afterwards", async () => {
  const { cookie, csrf } = await logIn();
  const { execFile } = await import("node:child_process");
  const holder = execFile("python3", ["-c", `import sqlite3,sys,time\nc=sqlite3.connect(sys.argv[1],isolation_level=None)\nc.execute('BEGIN IMMEDIATE')\nprint('held',flush=True)\ntime.sleep(8)`, made.store]);
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  const read = await request(kCase, { headers: { cookie } });
  assert.equal(read.status, 200);
  const write = await request(`${kCase}/granska`, { method: "POST", headers: { cookie, origin: server.origin }, body: new URLSearchParams({ csrf }) });
  assert.equal(write.status, 503);
  assert.match(await write.text(), /inget är sparat/);
  await new Promise((resolve) => holder.on("exit", resolve));
  assert.equal((await request(`${kCase}/granska`, { method: "POST", headers: { cookie, origin: server.origin }, body: new URLSearchParams({ csrf }) })).status, 303);
});

test("the log tells of the held store, and holds no name, id or value of a submission", async () => {
  assert.doesNotMatch(server.log(), /agreement-missing|fran-systemet|avtal\.pdf|212000/);
  assert.deepEqual(server.log().match(/fault: .*/g).map((line) => line.replace(/: \S+store\.db/, "")), ["fault: another program has held the store for 5 seconds; end it or try again later"]);
});
