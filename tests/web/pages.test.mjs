// The officers' pages as officers use them: real server, real store, real browser.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  assertAccessible,
  kPassword,
  kRoot,
  launch,
  loggedIn,
  makeStore,
  startServer,
} from "./harness.mjs";

const kNumber = "/inlamning/3-wrong-check-digit",
  kSignature = "/inlamning/2-signature-missing",
  kAbsent = "/inlamning/4-agreement-missing";
const kOpen = ".card[data-open]";

let server, browser;
before(async () => {
  server = await startServer(makeStore());
  browser = await launch();
});
after(async () => {
  await browser.close();
  assert.equal(await server.stop(), 130);
});

const cardOf = (page, label, nth = 0) => page.locator(".card", { hasText: label }).nth(nth);
const open = (page, path) => page.goto(server.origin + path);
const status = (page) => page.locator(".status").textContent();

/** Tells whether a picture was loaded and holds something. */
const isShown = (image) =>
  image.evaluate(async (i) => ((i.loading = "eager"), await i.decode(), i.naturalWidth > 20));

test("a stranger sees nothing but the login, and a wrong password says so", async () => {
  const page = await browser.newPage();
  await open(page, kNumber);
  assert.match(page.url(), /\/logga-in\?till=/);
  assert.equal(await page.getByText("Östhammar").count(), 0);
  await page.getByLabel("Namn").fill("anna");
  await page.getByLabel("Lösenord").fill("fel lösenord här");
  await page.getByRole("button", { name: "Logga in" }).click();
  await page.getByText("Fel namn eller lösenord.").waitFor();
  await page.getByLabel("Lösenord").fill(kPassword);
  await page.getByRole("button", { name: "Logga in" }).click();
  await page.waitForURL(server.origin + kNumber);
  await page.getByRole("button", { name: "Logga ut" }).click();
  await open(page, kNumber);
  assert.match(page.url(), /\/logga-in/);
  await page.context().close();
});

test("the queue counts, filters, searches and sorts", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  assert.equal(await page.locator("[data-row]").count(), 3);
  assert.match(await page.locator(".tiles").textContent(), /3 Inkommen/);
  await page.getByLabel("Sök").fill("ÖSTHAMMARS");
  await page.getByLabel("Sök").press("Enter");
  await page.getByText("1 ärende", { exact: true }).waitFor();
  assert.match(await page.locator(".chip").first().textContent(), /1 Organisationsnummer ogiltigt/);
  await page.getByLabel("Sök").fill("2120000258");
  await page.getByRole("button", { name: "Visa" }).click();
  assert.deepEqual(await page.locator("[data-row-link]").allTextContents(), ["Älvkarlebys kommun"]);
  await page.getByLabel("Sök").fill("finns inte");
  await page.getByRole("button", { name: "Visa" }).click();
  await page.getByText("Här finns inga ärenden.").waitFor();
  await open(page, "/?status=&ordning=organisation");
  const names = await page.locator("[data-row-link]").allTextContents();
  assert.deepEqual(
    names,
    [...names].sort((a, b) => (Buffer.from(a) < Buffer.from(b) ? -1 : 1)),
  );
  await page.context().close();
});

test("a number is corrected by the same rules, undone and approved", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  await open(page, kNumber);
  await page.locator(".card[data-here]").waitFor();
  assert.match(await page.locator(".card[data-here]").textContent(), /Organisationsnummer/);
  assert.ok(await isShown(page.locator(`${kOpen} .crop img`)));
  assert.ok(await isShown(page.locator(".sheet img").first()));
  await page.locator(kOpen).getByLabel("Rätt värde").fill("212000-0291");
  await page.locator(kOpen).getByRole("button", { name: "Rätta" }).click();
  await page.getByText("har fel kontrollsiffra. Rättelsen är inte sparad.").waitFor();
  await page.locator(kOpen).getByLabel("Rätt värde").fill("2120000290");
  await page.locator(kOpen).getByRole("button", { name: "Rätta" }).click();
  await page.getByText("Allt är avgjort.").waitFor();
  const number = cardOf(page, "Organisationsnummer");
  assert.match(await number.textContent(), /212000-0290/);
  assert.match(await number.textContent(), /Rättat av anna/);
  assert.match(await number.textContent(), /Maskinen: Ogiltigt/);
  assert.match(await status(page), /Behandlas/);
  await page.getByRole("button", { name: /Ångra: 1 Organisationsnummer rättat/ }).click();
  await page.getByText("1 kvar att avgöra.").waitFor();
  await page.locator(kOpen).getByLabel("Rätt värde").fill("212000-0290");
  await page.locator(kOpen).getByRole("button", { name: "Rätta" }).click();
  await page.getByRole("button", { name: "Komplett" }).click();
  await page.locator(".status", { hasText: "Komplett" }).waitFor();
  assert.equal(await page.locator(".card .decide").count(), 0);
  await page.getByText("Vad som har hänt").click();
  for (const what of [
    "beslut: rättat, producentavtal 1 Organisationsnummer",
    "beslut: ångrat",
    "beslut: ärendet komplett",
  ])
    await page.locator(".history", { hasText: what }).waitFor();
  await page.context().close();
});

test("what is open cannot be called complete", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  await open(page, kAbsent);
  assert.equal(await page.getByRole("button", { name: "Komplett" }).count(), 0);
  const { csrf, revision } = await page.evaluate(() => ({
    csrf: document.querySelector("[name=csrf]").value,
    revision: document.querySelector("[name=revision]").value,
  }));
  const answer = await page.evaluate(
    async ([path, body]) =>
      (await fetch(path, { method: "POST", body: new URLSearchParams(body) })).status,
    [`${kAbsent}/beslut`, { csrf, revision, beslut: "approve" }],
  );
  assert.equal(answer, 422);
  await open(page, kAbsent);
  assert.match(await status(page), /Inkommen/);
  await page.context().close();
});

test("clicking a point shows its place, clicking a place its point", async () => {
  const page = await loggedIn(browser, server.origin, "rut");
  await open(page, kSignature);
  const card = cardOf(page, "E-post");
  const box = await card.getAttribute("data-box");
  await card.locator(".crop").click();
  const place = page.locator(`#${box}`);
  assert.equal(await place.getAttribute("data-here"), "");
  await page.waitForTimeout(800); // the pages scroll smoothly
  const [inner, frame] = [await place.boundingBox(), await page.locator(".sheets").boundingBox()];
  assert.ok(
    inner.y >= frame.y && inner.y + inner.height <= frame.y + frame.height,
    "the place is in view",
  );
  const other = page.locator(".sheet a").first();
  await other.scrollIntoViewIfNeeded();
  await other.click({ force: true });
  assert.match(await page.locator(".card[data-here]").textContent(), /Organisation/);
  const before = (await page.locator(".sheet").first().boundingBox()).width;
  await page.getByRole("button", { name: "Förstora" }).click();
  assert.ok((await page.locator(".sheet").first().boundingBox()).width > 1.2 * before);
  assert.equal(await page.locator(".decide, .whole form").count(), 0, "a reader decides nothing");
  await page.context().close();
});

test("a signature is accepted by keyboard alone, and the letter is sent", async () => {
  const page = await loggedIn(browser, server.origin, "bo");
  for (
    let i = 0;
    i < 3 &&
    !(await page.evaluate(
      () =>
        document.activeElement.matches("a") &&
        document.activeElement.textContent.includes("Älvkarleby"),
    ));
    ++i
  )
    await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(server.origin + kSignature);
  await page.locator(".card[data-here]").waitFor();
  await page.keyboard.press("s");
  await cardOf(page, "Markerat som saknas av bo").waitFor();
  await page.keyboard.press("u");
  await page.getByRole("button", { name: /Ångra/ }).waitFor({ state: "detached" });
  await page.locator(".card[data-here]").waitFor();
  await page.keyboard.press("g");
  await page.getByText("Allt är avgjort.").waitFor();
  await page.keyboard.press("u");
  await page.getByText("1 kvar att avgöra.").waitFor();
  await page.keyboard.press("b");
  await page.waitForURL(`${server.origin}${kSignature}/brev`);
  const letter = page.getByLabel("Brevet, så som det skickas");
  assert.match(
    await letter.inputValue(),
    /Punkt 14, Underskrift\n {2}- Underskriften saknas\. Avtalet ska skrivas under för hand/,
  );
  assert.equal((await letter.inputValue()).match(/^ {2}- /gm).length, 1);
  await letter.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("Bo & <b>Bo</b>\n");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/brev\/\d+$/);
  assert.match(await page.locator("#brevtext").textContent(), /Bo & <b>Bo<\/b>/);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Hämta som text" }).click(),
  ]);
  assert.match(readFileSync(await download.path(), "utf8"), /Underskriften saknas/);
  await open(page, kSignature);
  assert.match(await status(page), /Kompletteras/);
  await page.getByText("Vad som har hänt").click();
  await page.locator(".history", { hasText: "beslut: komplettering begärd" }).waitFor();
  await page.context().close();
});

test("shortcuts can be listed and switched off", async () => {
  const page = await loggedIn(browser, server.origin, "rut");
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Kortkommandon" }).waitFor();
  await page.getByLabel("Använd kortkommandon").uncheck();
  await page.getByRole("button", { name: "Stäng" }).click();
  await page.keyboard.press("j");
  assert.equal(await page.locator("[data-here]").count(), 0);
  await page.context().close();
});

test("a key that is held decides once", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  await open(page, kAbsent);
  await page.locator(".card[data-here]").waitFor();
  for (let i = 0; i < 5; ++i) {
    await page.keyboard.down("g");
    await page.waitForTimeout(300);
  }
  await page.keyboard.up("g");
  await page.getByText("13 kvar att avgöra.").waitFor();
  await page.getByRole("button", { name: /Ångra/ }).click();
  await page.getByText("14 kvar att avgöra.").waitFor();
  await page.getByRole("button", { name: "Släpp ärendet" }).click();
  await page.waitForURL(`${server.origin}/`);
  await page.context().close();
});

test("a decision after the session has ended is not lost in silence", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  await open(page, kAbsent);
  await page.context().clearCookies();
  await page.locator(kOpen).first().getByRole("button", { name: /godta/ }).click();
  await page.getByText("Du är inte inloggad längre. Det du skickade är inte sparat.").waitFor();
  assert.equal(page.url(), server.origin + kAbsent);
  await page.context().close();
});

test("two officers at once: one wins, the other is told", async () => {
  const anna = await loggedIn(browser, server.origin, "anna"),
    bo = await loggedIn(browser, server.origin, "bo");
  await open(anna, kAbsent);
  await open(bo, kAbsent);
  await anna.locator(kOpen).first().getByRole("button", { name: /godta/ }).click();
  await anna.getByText("Godtaget av anna").waitFor();
  await bo.locator(kOpen).first().getByRole("button", { name: /godta/ }).click();
  await bo.getByText("Någon annan har ändrat i ärendet").waitFor();
  await bo.getByText("anna granskar ärendet sedan").waitFor();
  assert.equal(await bo.locator(".card .decide").count(), 0);
  await open(bo, "/");
  await bo.getByText("anna granskar").waitFor();
  await open(bo, kAbsent);
  await bo.getByRole("button", { name: "Ta över ärendet" }).click();
  await bo.getByText("Du granskar ärendet.").waitFor();
  await anna.reload();
  await anna.getByText("bo granskar ärendet sedan").waitFor();
  await bo.getByRole("button", { name: /Ångra/ }).click();
  await bo.getByText("14 kvar att avgöra.").waitFor();
  await bo.getByRole("button", { name: "Släpp ärendet" }).click();
  await bo.waitForURL(`${server.origin}/`);
  await anna.context().close();
  await bo.context().close();
});

test("an upload is checked within seconds and can be sent again to complete it", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  await open(page, "/ladda-upp");
  await page.getByLabel("Ärendets namn").fill("uppladdat å 1");
  await page.getByLabel("Nej", { exact: true }).check();
  const folder = mkdtempSync(join(tmpdir(), "avtalskoll-upload-"));
  const hostile = join(folder, `<img src=x onerror="window.hacked=1">'&.pdf`);
  writeFileSync(
    hostile,
    readFileSync(join(kRoot, "data", "samples", "4-agreement-missing", "avtal_1.pdf")),
  );
  await page.getByLabel(/Filer/).setInputFiles([hostile]);
  assert.match(await page.locator("[data-files]").textContent(), /onerror/);
  await page.getByRole("button", { name: "Ladda upp och kontrollera" }).click();
  await page.waitForURL(/inlamning/);
  await page
    .locator(".badge.complete, .badge.review, .badge.incomplete")
    .first()
    .waitFor({ timeout: 60_000 });
  assert.match(await page.locator(".casehead").textContent(), /Komplett/);
  await page.getByText(`<img src=x onerror="window.hacked=1">'&.pdf`).first().waitFor();
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Hämta originalet" }).first().click(),
  ]);
  assert.equal(
    readFileSync(await download.path())
      .subarray(0, 5)
      .toString(),
    "%PDF-",
  );
  rmSync(folder, { recursive: true });

  await open(page, "/ladda-upp");
  await page.getByLabel("Ärendets namn").fill("../hemligt");
  await page.getByLabel("Nej", { exact: true }).check();
  await page
    .getByLabel(/Filer/)
    .setInputFiles([join(kRoot, "data", "samples", "4-agreement-missing", "avtal_1.pdf")]);
  await page.getByRole("button", { name: "Ladda upp och kontrollera" }).click();
  await page.getByText("Ärendets namn får bara ha").waitFor();
  await page.context().close();
});

test("everything works without scripts", async () => {
  const page = await loggedIn(browser, server.origin, "anna", { javaScriptEnabled: false });
  await open(page, kAbsent);
  await page.locator(kOpen).first().getByRole("button", { name: /godta/ }).click();
  await page.getByText("Godtaget av anna").waitFor();
  await page.getByRole("button", { name: /Ångra/ }).click();
  await page.getByText("Godtaget av anna").waitFor({ state: "detached" });
  await page.locator(".crop").first().click();
  assert.match(page.url(), /#b\d+$/);
  await page.context().close();
});

test("the log and the users are for admins", async () => {
  const anna = await loggedIn(browser, server.origin, "anna"),
    adam = await loggedIn(browser, server.origin, "adam");
  for (const path of ["/logg", "/anvandare", "/misslyckade"]) {
    assert.equal((await open(anna, path)).status(), 403);
    assert.equal((await open(adam, path)).status(), 200);
  }
  await open(adam, "/logg");
  await adam.getByText("loggade in").first().waitFor();
  await anna.context().close();
  await adam.context().close();
});

test("axe-core finds nothing on any page, wide or narrow", async () => {
  for (const viewport of [
    { width: 1280, height: 900 },
    { width: 390, height: 844 },
    { width: 320, height: 256 },
  ]) {
    const guest = await browser.newPage({ viewport });
    await open(guest, "/");
    await assertAccessible(guest, "login");
    await guest.close();
    const page = await loggedIn(browser, server.origin, "adam", { viewport });
    for (const path of [
      "/",
      "/?status=",
      "/?q=finns+inte",
      kNumber,
      kSignature,
      kAbsent,
      `${kAbsent}/brev`,
      `${kSignature}/brev/`,
      "/ladda-upp",
      "/statistik",
      "/logg",
      "/anvandare",
      "/misslyckade",
      "/ingenting",
    ]) {
      await open(page, path);
      await assertAccessible(page, `${path} at ${viewport.width}`);
      const { wide, seen } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        seen: document.documentElement.clientWidth,
      }));
      assert.ok(
        wide <= seen,
        `${path} at ${viewport.width}: scrolls sideways (WCAG 1.4.10), ${wide} > ${seen}`,
      );
    }
    await open(page, kSignature);
    await page.getByRole("link", { name: /Begäran om komplettering/ }).click();
    await assertAccessible(page, "letter");
    await page.keyboard.press("?");
    await assertAccessible(page, "shortcuts");
    await page.context().close();
  }
});
