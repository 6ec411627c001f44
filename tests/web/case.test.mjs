// A case from its first scan on, as an officer goes through it: real server, real store, real
// browser, mail into a real folder.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertAccessible, kRoot, launch, loggedIn, makeStore, run, startServer } from "./harness.mjs";

const kCase = "2-signature-missing",
  kPath = `/inlamning/${kCase}`;
let server, browser, spool, store;
before(async () => {
  spool = mkdtempSync(join(tmpdir(), "avtalskoll-spool-"));
  const made = makeStore([kCase, "1-complete"]);
  store = made.store;
  server = await startServer(made, [
    ...["--mail-spool", spool, "--mail-from", "Geomyndigheten <avtal@geo.example>"],
    ...["--authority", "Geomyndigheten", "--answer-days", "14"],
  ]);
  browser = await launch();
});
after(async () => {
  await browser.close();
  assert.equal(await server.stop(), 130);
  rmSync(spool, { recursive: true });
});

/** Waits until the case shows this state: a key does not wait for the page that it leads to. */
const isAt = (page, state) => page.locator(".casehead .status", { hasText: state }).waitFor();
const mails = () => readdirSync(spool).filter((name) => name.endsWith(".eml"));
async function waitFor(done, what) {
  for (let i = 0; i < 150; ++i) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(what);
}

test("from opening a case to the letter sent in two clicks", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  await page.goto(server.origin + kPath);
  await page.getByRole("link", { name: "Begär komplettering" }).click();
  const text = await page.getByLabel(/^Brevet/).inputValue();
  assert.match(text, /^Begäran om komplettering: 2-signature-missing\n\nTill .+ <.+@.+>\n/);
  assert.match(text, /skicka in endast dem/);
  assert.match(text, /senast \d{4}-\d\d-\d\d\./);
  assert.match(text, /anna\nGeomyndigheten\n$/);
  await page.getByRole("button", { name: "Spara och skicka" }).click();
  await page.waitForURL(/\/brev\/\d+$/);
  await waitFor(() => mails().length === 1, "the mail left");
  const mail = readFileSync(join(spool, mails()[0]), "utf8");
  assert.match(mail, /^To: .+@.+$/m);
  assert.match(mail, /^From: Geomyndigheten <avtal@geo.example>$/m);
  await page.goto(server.origin + kPath);
  await isAt(page, "Kompletteras");
  await page.getByText(/Begäran om komplettering till .+: skickad/).waitFor();
  await page.context().close();
});

test("a day that is chosen stands in the letter and on the case", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  await page.goto(`${server.origin}${kPath}`);
  await page.getByRole("button", { name: "Öppna igen" }).click();
  await page.goto(`${server.origin}${kPath}/brev`);
  await page.getByLabel("Svar senast").fill("2099-12-31");
  await page.getByRole("button", { name: "Spara utan att skicka" }).click();
  await page.getByText("senast 2099-12-31.").waitFor();
  await page.goto(server.origin + kPath);
  await page.getByText("Svar senast 2099-12-31").waitFor();
  assert.equal(mails().length, 1);
  await page.getByRole("link", { name: "Påminn om kompletteringen" }).click();
  await page.getByRole("button", { name: /Skicka till/ }).click();
  await waitFor(() => mails().length === 2, "the reminder left");
  await page.context().close();
});

test("a number, a note and a page that completes: the rest goes on to hold", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  await page.goto(server.origin + kPath);
  await page.getByLabel("Diarienummer").fill("../1");
  await page.getByRole("button", { name: "Spara", exact: true }).click();
  await page.getByText(/Ett diarienummer har/).waitFor();
  await page.getByLabel("Diarienummer").fill("Dnr 2026/17");
  await page.getByRole("button", { name: "Spara", exact: true }).click();
  await page.getByText(/Dnr 2026\/17 .*inkom/).waitFor();
  await page.getByLabel("Anteckning").fill("Ringde om <b>sidan 3</b>.");
  await page.getByRole("button", { name: "Spara anteckningen" }).click();
  await page.getByText("Ringde om <b>sidan 3</b>.").waitFor();
  await page.getByText("Nya filer i ärendet").click();
  const signed = join(kRoot, "data", "samples", "1-complete");
  const files = readdirSync(signed).filter((name) => name.endsWith(".pdf"));
  await page
    .getByLabel("Filer som kompletterar")
    .setInputFiles(files.map((name) => join(signed, name)));
  await page.getByRole("button", { name: "Skicka in", exact: true }).click();
  await waitFor(async () => {
    await page.goto(server.origin + kPath);
    return (await page.locator(".casehead").count()) > 0;
  }, "it was checked");
  assert.match(await page.locator("main").textContent(), /hör till en annan organisation|ersatt/);
  assert.match(run(["cases", "show", "2026-17", "--store", store]), /hand-in 2/);
  await page.context().close();
});

test("a complete case goes to its end, and no further than the table lets it", async () => {
  const page = await loggedIn(browser, server.origin, "bo");
  const path = `${server.origin}/inlamning/1-complete`;
  await page.goto(path);
  assert.equal(await page.getByRole("button", { name: "Avtalet utskickat" }).count(), 0);
  await page.getByRole("button", { name: "Lämna till undertecknare" }).click();
  await isAt(page, "Hos undertecknare");
  await page.getByRole("button", { name: "Kontrasignerad", exact: true }).click();
  await page.getByText(/kontrasignerade kopian jämföras/).waitFor();
  await page.context().close();
});

/** All pages of a sample in one file. */
function inOneFile(sample) {
  const folder = join(kRoot, "data", "samples", sample),
    file = join(spool, "kopia.pdf");
  const parts = readdirSync(folder).filter((name) => name.endsWith(".pdf"));
  execFileSync("qpdf", ["--empty", "--pages", ...parts.map((p) => join(folder, p)), "--", file]);
  return file;
}

for (const [width, how] of [
  [1280, "mouse"],
  [390, "mouse"],
  [1280, "keyboard"],
])
  test(`a complete case goes to its end by ${how} at ${width} pixels`, async () => {
    const page = await loggedIn(browser, server.origin, "bo", { viewport: { width, height: 900 } });
    const path = `${server.origin}/inlamning/1-complete`;
    const press = async (name) => {
      const button = page.getByRole("button", { name, exact: true });
      if (how === "mouse") return button.click();
      await button.focus();
      await page.keyboard.press("Enter");
    };
    await page.goto(path);
    await page.getByLabel(/Kontrasignerad kopia att jämföra/).setInputFiles(inOneFile("1-complete"));
    await press("Jämför");
    await page.waitForURL(/\/kopia$/, { timeout: 120_000 });
    // It is the same paper, and nobody has counter-signed it.
    await page.getByText("Kopian skiljer sig från det godkända avtalet.").waitFor();
    await assertAccessible(page, "copy");
    await page.getByLabel(/Orsak/).fill("Kontrasigneras digitalt.");
    await press("Godta ändå");
    await page.getByText("Godtagen ändå: Kontrasigneras digitalt.").waitFor();
    await press("Kontrasignerad");
    await isAt(page, "Kontrasignerad");
    const before = mails().length;
    await press("Skicka det undertecknade avtalet");
    await waitFor(() => mails().length === before + 1, "the agreement left");
    await isAt(page, "Utskickad");
    await press("Datamängderna klara");
    await page.getByText(/minst en datamängd/).waitFor();
    await page.getByText("Lägg till datamängd").click();
    for (const who of ["Informationsägare", "Support"]) {
      const group = page.getByRole("group", { name: who });
      await group.getByLabel("Namn").fill("Kim Forsgren");
      await group.getByLabel("Telefon").fill("010-123 45 67");
      await group.getByLabel("E-post").fill("kim@exempel.se");
    }
    await press("Lägg till");
    const added = page.getByText(/Informationsägare: Kim Forsgren/);
    await added.waitFor();
    await press("Datamängderna klara");
    await press("Behörigheten utskickad");
    await page.getByText(/till vem behörigheten skickades/).waitFor();
    await press("Notera");
    await page.getByText(/Behörighet skickad till/).waitFor();
    await press("Behörigheten utskickad");
    await assertAccessible(page, "case");
    await page.locator("summary", { hasText: "Ta bort" }).click();
    await press("Ta bort");
    await added.waitFor({ state: "detached" });
    await press("Avsluta ärendet");
    await isAt(page, "Avslutad");
    // Once more from the start, for the next way through.
    await press("Öppna igen");
    await page.locator("[value=approve]").click();
    await page.context().close();
  });

test("a case is withdrawn and opened again", async () => {
  const page = await loggedIn(browser, server.origin, "bo");
  await page.goto(`${server.origin}/inlamning/1-complete`);
  await page.locator("summary", { hasText: "Återkalla" }).click();
  await page.getByRole("button", { name: "Återkalla" }).click();
  await isAt(page, "Återkallad");
  await page.getByRole("button", { name: "Öppna igen" }).click();
  await isAt(page, "Behandlas");
  await page.context().close();
});

test("what was typed survives a session that ended, and the login leads back", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  await page.goto(server.origin + kPath);
  await page.getByLabel("Anteckning").fill("Lång anteckning.");
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Spara anteckningen" }).click();
  await page.getByText("Du är inte inloggad längre.").waitFor();
  assert.equal(await page.locator("[name=till]").inputValue(), kPath);
  await page.context().addCookies(cookies);
  await page.goto(server.origin + kPath);
  assert.equal(await page.getByLabel("Anteckning").inputValue(), "Lång anteckning.");
  await page.getByRole("button", { name: "Spara anteckningen" }).click();
  await page.waitForURL(/1?/);
  assert.equal(await page.getByLabel("Anteckning").inputValue(), "");
  await page.context().close();
});

test("other systems follow a case by its number, and get the word alone", async () => {
  const token = run(["token", "add", "follower", "--role", "officer", "--store", store])
    .trim()
    .split(/\s+/)
    .at(-1);
  const call = (path, init = {}) =>
    fetch(`${server.origin}/api/v1${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${token}`, ...init.headers },
    });
  const answer = await call(`/cases/${encodeURIComponent("2026/17")}/status`);
  assert.deepEqual(Object.keys(await answer.json()), ["status"]);
  assert.equal((await call("/cases/ingen/status")).status, 404);
  const moved = await call("/cases/2026-17/moves", {
    method: "POST",
    body: JSON.stringify({ move: "send", revision: "old" }),
  });
  assert.equal(moved.status, 409);
  const form = new FormData();
  form.append("filer", new Blob(["no document"]), "a.pdf");
  assert.equal((await call("/cases/ingen/files", { method: "POST", body: form })).status, 404);
  const csv = await call("/producers?format=csv");
  assert.match(await csv.text(), /^\uFEFF?organisation;organisation_number;case;since;status/);
});
