// Requests of hostile, careless or broken clients, and the answers. docs/review.md has the list.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  kPassword,
  kRoot,
  logInTo,
  makeStore,
  rawTo,
  run,
  startServer,
  statusOf,
} from "./harness.mjs";

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

const kApi = "/api/v1/submissions";

const request = (path, options = {}) =>
  fetch(server.origin + path, { redirect: "manual", ...options });

/** The status of the answer to a GET. */
const statusFor = async (path, headers = {}) => (await request(path, { headers })).status;

/** Sends a form as the site's own pages do, unless `headers` say otherwise. */
const postForm = (path, fields, headers = {}) =>
  request(path, {
    method: "POST",
    headers: { origin: server.origin, ...headers },
    body: new URLSearchParams(fields),
  });
const statusOfPost = async (path, fields, headers) =>
  (await postForm(path, fields, headers)).status;

/** The header of a request with a token. */
const bearer = (of = token) => ({ authorization: `Bearer ${of}` });

/** Sends a body to the API, with the system's token. */
const apiPost = (body, headers = {}) =>
  request(kApi, { method: "POST", headers: { ...bearer(), ...headers }, body });

const logIn = (name) => logInTo(server.origin, name);
const raw = (bytes, most) => rawTo(server.origin, bytes, most);

test("cookies are host-only, secure, same-site, unseen by scripts, ended by logout", async () => {
  const { cookie, csrf, attributes } = await logIn();
  for (const part of ["__Host-", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"])
    assert.ok(attributes.includes(part), part);
  assert.ok(!attributes.includes("Domain"));
  assert.equal(await statusFor("/", { cookie }), 200);
  await postForm("/logga-ut", { csrf }, { cookie });
  assert.equal(await statusFor("/", { cookie }), 303);
});

test("every answer carries the security headers", async () => {
  const { cookie } = await logIn();
  const paths = [
    "/",
    kCase,
    "/static/review.js",
    "/finns-inte",
    "/logga-in",
    kApi,
    `${kCase}/sida/1/1`,
  ];
  for (const path of paths) {
    const { headers } = await request(path, { headers: { cookie } });
    const policy = headers.get("content-security-policy");
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'/, path);
    assert.doesNotMatch(policy, /unsafe|\*|data:/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-frame-options"), "DENY");
    if (!path.startsWith("/static")) assert.equal(headers.get("cache-control"), "no-store", path);
  }
});

test("a change without token, with a wrong one, or from another site is refused", async () => {
  const { cookie, csrf } = await logIn();
  const post = async (headers, body) => {
    const options = {
      method: "POST",
      headers: { cookie, ...headers },
      body: new URLSearchParams(body),
    };
    return (await request(`${kCase}/granska`, options)).status;
  };
  const own = { origin: server.origin },
    foreign = { origin: "https://example.org" };
  assert.equal(await post(own, {}), 403);
  assert.equal(await post(own, { csrf: "0".repeat(64) }), 403);
  assert.equal(await post({}, { csrf }), 403);
  assert.equal(await post(foreign, { csrf }), 403);
  assert.equal(await post({ origin: "null" }, { csrf }), 403);
  assert.equal(await post({ ...own, "sec-fetch-site": "cross-site" }, { csrf }), 403);
  assert.equal(await post(own, { csrf: (await logIn("bo")).csrf }), 403);
  assert.equal(
    await statusOfPost("/logga-in", { namn: "anna", losenord: kPassword }, foreign),
    403,
  );
  const upload = new FormData();
  upload.set("filer", new Blob([pdf]), "a.pdf");
  const sent = await request("/ladda-upp", {
    method: "POST",
    headers: { cookie, ...own },
    body: upload,
  });
  assert.equal(sent.status, 403);
  assert.equal(await post(own, { csrf }), 303);
  assert.equal(await statusOfPost(`${kCase}/slapp`, { csrf }, { cookie }), 303);
});

test("roles hold on every route", async () => {
  const { cookie, csrf } = await logIn("rut");
  for (const path of ["granska", "ta-over", "slapp", "beslut", "angra", "brev"])
    assert.equal(await statusOfPost(`${kCase}/${path}`, { csrf }, { cookie }), 403, path);
  for (const path of ["/ladda-upp", "/logg", "/anvandare", "/misslyckade", `${kCase}/original/1`, `${kCase}/brev`])
    assert.equal(await statusFor(path, { cookie }), 403, path);
  assert.equal(await statusFor(kApi, bearer(readerToken)), 200);
  const decision = { method: "POST", headers: bearer(readerToken), body: "{}" };
  assert.equal((await request(`${kApi}/4-agreement-missing/decisions`, decision)).status, 403);
  assert.equal((await request("/logg", { method: "POST", headers: { cookie } })).status, 405);
});

test("wrong tokens and tokens in wrong places open nothing", async () => {
  const wrong = [
    "",
    "Bearer ",
    "Bearer 0",
    `Bearer ${"0".repeat(64)}`,
    `Basic ${token}`,
    `Bearer ${token}x`,
    `bearer ${token}`,
  ];
  for (const authorization of wrong)
    assert.equal(await statusFor(kApi, { authorization }), 401, authorization.slice(0, 12));
  assert.equal(await statusFor(`${kApi}?token=${token}`), 401);
  assert.equal(await statusFor("/", bearer()), 303);
  const { cookie } = await logIn();
  assert.equal(await statusFor(kApi, { cookie }), 401);
  assert.equal(await statusFor("/", { cookie: "__Host-avtalskoll=' OR 1=1 --" }), 303);
});

test("guessing passwords is slowed down, for known names and unknown ones", async () => {
  const guess = (namn) => statusOfPost("/logga-in", { namn, losenord: "gissning gissning" });
  for (const name of ["bo", "ingen alls"]) {
    for (let i = 0; i < 5; ++i) assert.equal(await guess(name), 403);
    assert.equal(await guess(name), 429);
  }
  assert.ok((await logIn("anna")).cookie);
});

test("nobody is led to another site after the login", async () => {
  const places = [
    "//example.org",
    "https://example.org",
    "/\\example.org",
    "javascript:alert(1)",
    "/\r\nX: y",
    "/\t/example.org",
  ];
  for (const till of places) {
    const answer = await postForm("/logga-in", { namn: "anna", losenord: kPassword, till });
    assert.equal(answer.headers.get("location"), "/", till);
    assert.equal(answer.headers.get("x"), null);
  }
});

test("paths that try to leave the store, and targets that are none", async () => {
  const { cookie } = await logIn();
  const rest = `HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`;
  const get = async (target) => statusOf(await raw(`GET ${target} ${rest}`));
  for (const target of [
    "/../etc/passwd",
    "/static/../templates/head.mustache",
    "/static/..%2ftemplates%2fhead.mustache",
    "/static/%2e%2e/x",
    "/inlamning/%00",
    "/inlamning/%ff",
    "/%zz",
    "/inlamning/%0d%0aX:y",
    "*",
    "http:",
    "/?q=%ff",
  ])
    assert.ok([400, 404].includes(await get(target)), `${target}: ${await get(target)}`);
  for (const path of [
    `${kCase}/original/0`,
    `${kCase}/original/2`,
    `${kCase}/original/-1`,
    `${kCase}/original/1x`,
    `${kCase}/original/99999999999999999999`,
    `${kCase}/sida/1/0`,
    `${kCase}/sida/1/9999`,
    `${kCase}/sida/2/1`,
    `${kCase}/utsnitt/producentavtal/1/inget`,
    `${kCase}/brev/1`,
    "/inlamning/'%20OR%201=1",
  ]) {
    const answer = await request(path, { headers: { cookie } });
    assert.ok([400, 404, 303].includes(answer.status), `${path}: ${answer.status}`);
    assert.notEqual(answer.headers.get("location"), "/logga-in", path);
  }
});

test("the words of a search are shown as text", async () => {
  const { cookie } = await logIn();
  const script = encodeURIComponent(`"><script>alert(1)</script>{{csrf}}`);
  const page = await (await request(`/?q=${script}`, { headers: { cookie } })).text();
  assert.ok(!page.includes("<script>alert"));
  assert.ok(page.includes("&lt;script&gt;alert(1)"));
  assert.ok(page.includes("{{csrf}}"), "a template in a value is no template");
  for (const q of ["' OR 1=1 --", "%", "_", "\u0000", "a".repeat(5000), "\\", "😀"]) {
    const status = await statusFor(`/?q=${encodeURIComponent(q)}`, { cookie });
    assert.ok([200, 400].includes(status), q.slice(0, 9));
  }
  for (const sida of ["0", "-1", "1e9", "99999999999", "x"])
    assert.equal(await statusFor(`/?sida=${sida}`, { cookie }), 200);
});

test("originals are only handed out to be saved, pages only as pictures", async () => {
  const { cookie } = await logIn();
  const original = await request(`${kCase}/original/1`, { headers: { cookie } });
  assert.equal(original.headers.get("content-type"), "application/octet-stream");
  assert.match(original.headers.get("content-disposition"), /^attachment;/);
  assert.ok(pdf.equals(Buffer.from(await original.arrayBuffer())));
  const page = await request(`${kCase}/sida/1/1`, { headers: { cookie } });
  assert.equal(page.headers.get("content-type"), "image/png");
  assert.equal(await statusFor(`${kCase}/sida/1/1`), 303);
});

test("headers and bodies that are too large are refused", async () => {
  const long = "a".repeat(64 << 10);
  const chunk = `10000\r\n${"a".repeat(0x10000)}\r\n`;
  const post = (header, body = "") =>
    `POST /logga-in HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n${body}`;
  assert.equal(statusOf(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${long}\r\n\r\n`)), 431);
  assert.equal(statusOf(await raw(`GET /${long} HTTP/1.1\r\nHost: x\r\n\r\n`)), 431);
  assert.equal(statusOf(await raw(post("Content-Length: 999999999"))), 413);
  assert.equal(statusOf(await raw(post("Content-Length: 99999999999999999999999"))), 400);
  assert.equal(statusOf(await raw(post("Transfer-Encoding: chunked", chunk.repeat(8)))), 413);
  const answer = await apiPost(new Blob([new Uint8Array(3 << 20)]));
  assert.equal(answer.status, 413);
  assert.match((await answer.json()).detail, /för stort/);
});

test("broken uploads are refused with a reason and leave nothing", async () => {
  const upload = async (type, body) => {
    const answer = await apiPost(Buffer.from(body, "latin1"), { "content-type": type });
    return [answer.status, (await answer.json()).detail];
  };
  const part = (name, file, content) => {
    const filename = file === null ? "" : `; filename="${file}"`;
    return `--x\r\nContent-Disposition: form-data; name="${name}"${filename}\r\n\r\n${content}\r\n`;
  };
  const whole = `${part("filer", "a.pdf", "%PDF-1.4")}--x--\r\n`;
  const kForm = "multipart/form-data";
  for (const [type, body] of [
    ["text/plain", "x"],
    [kForm, whole],
    [`${kForm}; boundary=`, whole],
    [`${kForm}; boundary=${"y".repeat(80)}`, whole],
    ...[
      "",
      whole.slice(0, 40),
      "--x--",
      `--x\r\nno header\r\n\r\n--x--`,
      part("filer", "a.txt", "text") + "--x--",
      part("filer", "submission.json", "{}") + "--x--",
      part("id", null, "../x") + whole,
      part("id", null, "\xff") + whole,
      part("id", null, "a".repeat(5000)) + whole,
      part("a", null, "b").repeat(300) + whole,
      part("organisationsnummer", null, "1") + whole,
    ].map((body) => [`${kForm}; boundary=x`, body]),
  ]) {
    const [status, detail] = await upload(type, body);
    assert.ok(status === 422 || status === 400, `${type}, ${body.slice(0, 60)}: ${status}`);
    assert.ok(detail.length > 10);
  }
  const { total } = await (await request(kApi, { headers: bearer() })).json();
  assert.equal(total, 1);
  for (const name of [
    "../../../tmp/x.pdf",
    "..\\x.pdf",
    ".hidden.pdf",
    "/etc/x.pdf",
    "a\u0001.pdf",
  ]) {
    const form = new FormData();
    form.set("id", `namn ${name.length}`);
    form.set("filer", new Blob([`${name}%PDF`]), name);
    assert.equal((await apiPost(form)).status, 202, name);
  }
});

test("an upload through the API is checked, and decided with the same rules", async () => {
  const headers = bearer();
  const form = new FormData();
  form.set("id", "fran-systemet");
  form.set("personuppgifter", "ja");
  form.set("filer", new Blob([pdf]), "avtal.pdf");
  const taken = await apiPost(form);
  assert.equal(taken.status, 202);
  const path = taken.headers.get("location");
  let now;
  for (let i = 0; i < 300; ++i) {
    now = await (await request(path, { headers })).json();
    if (now.verdict) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(now.verdict, "incomplete");
  const decide = async (wish) => {
    const body = JSON.stringify(wish);
    const answer = await request(`${path}/decisions`, { method: "POST", headers, body });
    return { ...(await answer.json()), code: answer.status };
  };
  assert.equal((await decide({ action: "approve", revision: now.revision })).code, 422);
  assert.equal((await decide({ action: "approve", revision: "0.0" })).code, 409);
  assert.equal((await decide({ action: "fly", revision: now.revision })).code, 400);
  const number = { form: "producentavtal", point: "1", field: "organisation_number" };
  const correct = (value) =>
    decide({ action: "correct", revision: now.revision, ...number, value });
  assert.equal((await correct("212000-0291")).code, 422);
  const corrected = await correct("2120000290");
  assert.equal(corrected.code, 200);
  const signature = { form: "producentavtal", point: "14", field: "signature" };
  const missing = { action: "missing", revision: corrected.revision, ...signature };
  const all = await Promise.all([1, 2, 3, 4].map(() => decide(missing)));
  assert.deepEqual(all.map((one) => one.code).sort(), [200, 409, 409, 409]);
  const { decisions } = await (await request(`${path}/decisions`, { headers })).json();
  assert.deepEqual(
    decisions.map((d) => [d.officer, d.action, d.new_value]),
    [
      ["token system", "correct", "212000-0290"],
      ["token system", "missing", null],
    ],
  );
  const report = await (await request(`${path}/report`, { headers })).json();
  assert.equal(report.schema, "avtalskoll/report/1");
  const again = await apiPost(form);
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
  const upload = async (fields, bytes) => {
    const answer = await apiPost(formOf({ id: "fragas", ...fields }, bytes));
    return { code: answer.status, ...(await answer.json()) };
  };
  assert.equal((await upload({}, "%PDF one")).code, 202);
  const asked = await upload({}, "%PDF two");
  assert.equal(asked.code, 409);
  assert.deepEqual(
    asked.choices.map((choice) => choice.val),
    ["add", "replace", "new"],
  );
  const { id, files, purged } = asked.submission;
  assert.deepEqual([id, files, purged], ["fragas", 1, false]);
  assert.equal((await upload({ val: "fly" }, "%PDF two")).code, 422);
  assert.equal((await upload({ val: "new" }, "%PDF two")).id, "fragas-2");
  assert.equal((await upload({ val: "add" }, "%PDF three")).id, "fragas");
  assert.equal((await upload({}, "%PDF four")).submission.files, 2);
  assert.equal((await upload({ val: "replace" }, "%PDF four")).code, 202);
  assert.equal((await upload({}, "%PDF five")).submission.files, 1);
  const empty = await upload({}, "");
  assert.deepEqual([empty.code, empty.detail.startsWith("Filen avtal.pdf är tom")], [422, true]);
});

test("an upload that waits for an answer is its sender's alone, and is answered once", async () => {
  const anna = await logIn(),
    adam = await logIn("adam");
  const send = ({ cookie, csrf }, bytes) => {
    const body = formOf({ csrf, id: "vantar" }, bytes);
    return request("/ladda-upp", {
      method: "POST",
      headers: { cookie, origin: server.origin },
      body,
    });
  };
  assert.match((await send(anna, "%PDF a")).headers.get("location"), /inlamning/);
  const question = (await send(anna, "%PDF b")).headers.get("location");
  assert.match(question, /^\/ladda-upp\/fraga\/[0-9a-f]{32}$/);
  const page = async (who) => request(question, { headers: { cookie: who.cookie } });
  const answer = (who, fields) => statusOfPost(question, fields, { cookie: who.cookie });
  assert.equal((await page(adam)).status, 404);
  const text = await (await page(anna)).text();
  for (const words of ["Lägg till", "Ersätt", "Nytt ärende", "Avbryt", "1 fil"])
    assert.ok(text.includes(words), words);
  const sett = /name="sett" value="([0-9a-f]{64})"/.exec(text)[1];
  assert.equal(await answer(anna, { val: "replace", sett }), 403);
  assert.equal(await answer(adam, { csrf: adam.csrf, val: "replace", sett }), 404);
  assert.equal(await answer(anna, { csrf: anna.csrf, val: "fly", sett }), 400);
  assert.equal(await answer(anna, { csrf: anna.csrf, val: "replace", sett: "0".repeat(64) }), 409);
  assert.equal(await answer(anna, { csrf: anna.csrf, val: "replace", sett }), 303);
  assert.equal(await answer(anna, { csrf: anna.csrf, val: "replace", sett }), 404);
});

test("every path of the API's description is there, and asks for a token", async () => {
  const description = await (await request("/api/v1/openapi.json")).json();
  assert.match(description.openapi, /^3\./);
  let operations = 0;
  for (const [path, item] of Object.entries(description.paths))
    for (const method of Object.keys(item).filter((key) => key !== "parameters")) {
      const url = `/api/v1${path.replace(/\{(id|case)\}/, "4-agreement-missing")}`;
      const options = { method: method.toUpperCase(), ...(method === "post" ? { body: "x" } : {}) };
      assert.equal((await request(url, options)).status, 401, url);
      const { status } = await request(url, { ...options, headers: bearer() });
      const described = Object.keys(item[method].responses);
      assert.ok(described.includes(String(status)), `${method} ${url}: ${status} is described`);
      ++operations;
    }
  assert.equal(operations, 10);
});

test("strangers cannot begin uploads, so they cannot keep others from theirs", async () => {
  const begin = (path, headers) =>
    raw(`POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: 1000000\r\n\r\n`, 5000);
  for (const [path, headers, status] of [
    ["/ladda-upp", "", 403],
    [kApi, "", 401],
    [kApi, `Authorization: Bearer ${readerToken}\r\n`, 403],
  ])
    for (let i = 0; i < 6; ++i) assert.equal(statusOf(await begin(path, headers)), status, path);
  const { cookie } = await logIn();
  const foreign = `Cookie: ${cookie}\r\nOrigin: http://evil\r\n`;
  assert.equal(statusOf(await begin("/ladda-upp", foreign)), 403);
});

test("a store that another program holds gives 503, and works again afterwards", async () => {
  const { cookie, csrf } = await logIn();
  const { execFile } = await import("node:child_process");
  const hold = [
    "import sqlite3,sys,time",
    "c=sqlite3.connect(sys.argv[1],isolation_level=None)",
    "c.execute('BEGIN IMMEDIATE')",
    "print('held',flush=True)",
    "time.sleep(8)",
  ];
  const holder = execFile("python3", ["-c", hold.join("\n"), made.store]);
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  assert.equal(await statusFor(kCase, { cookie }), 200);
  const write = await postForm(`${kCase}/granska`, { csrf }, { cookie });
  assert.equal(write.status, 503);
  assert.match(await write.text(), /inget är sparat/);
  await new Promise((resolve) => holder.on("exit", resolve));
  assert.equal(await statusOfPost(`${kCase}/granska`, { csrf }, { cookie }), 303);
});

test("the log mentions the held store, and no name, id or value of a submission", async () => {
  assert.doesNotMatch(server.log(), /agreement-missing|fran-systemet|avtal\.pdf|212000/);
  const faults = server
    .log()
    .match(/fault: .*/g)
    .map((line) => line.replace(/: \S+store\.db/, ""));
  assert.deepEqual(faults, [
    "fault: another program has held the store for 5 seconds; end it or try again later",
  ]);
});
