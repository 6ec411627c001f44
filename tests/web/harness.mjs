// Runs the real server on a store of its own, and real Chromium and raw sockets against it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const kRoot = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const kProgram =
  process.env.AVTALSKOLL_PROGRAM ?? join(kRoot, "build", "release", "avtalskoll");
export const kPassword = "korrekt häst batteri";

/** Runs the program and returns what it printed. */
export const run = (args, input = "") =>
  execFileSync(kProgram, args, { input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });

/**
 * Makes a store with the samples, checked, and with four users: anna and bo (officers), rut
 * (reader) and adam (admin).
 */
export function makeStore(
  samples = ["2-signature-missing", "3-wrong-check-digit", "4-agreement-missing"],
) {
  const folder = mkdtempSync(join(tmpdir(), "avtalskoll-web-"));
  const store = join(folder, "store.db");
  for (const sample of samples)
    cpSync(join(kRoot, "data", "samples", sample), join(folder, "in", sample), { recursive: true });
  if (samples.length) {
    try {
      run(["check", join(folder, "in"), "--store", store, "--out", join(folder, "out")]);
    } catch (error) {
      if (error.status !== 1) throw error; // 1: some are flagged
    }
  }
  for (const [name, role] of [
    ["anna", "officer"],
    ["bo", "officer"],
    ["rut", "reader"],
    ["adam", "admin"],
  ])
    run(["user", "add", name, "--role", role, "--store", store], `${kPassword}\n`);
  return { folder, store };
}

/** Starts the server. stop() ends it and removes the store. */
export async function startServer({ folder, store }, more = []) {
  const child = spawn(kProgram, ["serve", "--store", store, "--listen", "127.0.0.1:0", ...more], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8");
  const origin = await new Promise((resolve, reject) => {
    child.stderr.on("data", (text) => {
      log += text;
      const found = /listening on (http:\S+)/.exec(log);
      if (found) resolve(found[1]);
    });
    child.on("exit", (code) => reject(new Error(`serve ended with ${code}: ${log}`)));
  });
  return {
    origin,
    pid: child.pid,
    log: () => log,
    stop: async () => {
      const ended = new Promise((resolve) => child.removeAllListeners("exit").on("exit", resolve));
      child.kill("SIGTERM");
      const code = await ended;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

export const launch = () =>
  chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

/** Opens a page in a browser context of its own, logged in. */
export async function loggedIn(browser, origin, name, options = {}) {
  const context = await browser.newContext({ locale: "sv-SE", ...options });
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await page.getByLabel("Namn").fill(name);
  await page.getByLabel("Lösenord").fill(kPassword);
  await page.getByRole("button", { name: "Logga in" }).click();
  await page.waitForURL(`${origin}/`);
  return page;
}

/** Logs in without a browser. Returns the session's cookie, its attributes and its CSRF token. */
export async function logInTo(origin, name = "anna") {
  const answer = await fetch(`${origin}/logga-in`, {
    method: "POST",
    redirect: "manual",
    headers: { origin },
    body: new URLSearchParams({ namn: name, losenord: kPassword, till: "/" }),
  });
  assert.equal(answer.status, 303);
  const attributes = answer.headers.get("set-cookie");
  const cookie = attributes.split(";")[0];
  const page = await (
    await fetch(`${origin}/`, { redirect: "manual", headers: { cookie } })
  ).text();
  return { cookie, csrf: /name="csrf" value="([0-9a-f]{64})"/.exec(page)[1], attributes };
}

/** Sends raw bytes. Returns all that came back until the server closed, or `most` ms passed. */
export const rawTo = (origin, bytes, most = 15_000) =>
  new Promise((resolve) => {
    const socket = connect(portOf(origin), "127.0.0.1", () => socket.write(bytes));
    let got = "";
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(got);
    };
    const timer = setTimeout(end, most);
    socket
      .on("data", (data) => (got += data))
      .on("close", end)
      .on("error", end);
  });

export const portOf = (origin) => Number(new URL(origin).port);

/** The status of a raw answer; 0 when there is none. */
export const statusOf = (answer) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

/** Fails when axe-core finds something, at the levels that the law requires. */
export async function assertAccessible(page, what) {
  await page.waitForLoadState("networkidle");
  // Evaluated through the test's own channel: the page's policy lets no foreign script in.
  await page.evaluate(axeSource);
  const result = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  assert.deepEqual(
    result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`),
    [],
    what,
  );
}
