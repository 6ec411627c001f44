// The form editor in a real browser: from a blank to a form that judges a scan.
import assert from "node:assert/strict";
import { readFileSync, cpSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { kRoot, launch, loggedIn, makeStore, startServer } from "./harness.mjs";

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
const kBlank = join(kRoot, "tests", "every_kind", "provningsmedel-1.0", "blank.pdf");

let server, browser, forms;
before(async () => {
  const made = makeStore([]);
  forms = join(made.folder, "forms");
  cpSync(join(kRoot, "data", "forms"), forms, { recursive: true });
  server = await startServer(made, ["--forms", forms]);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function isAccessible(page, what) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  assert.deepEqual(
    found.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)}`),
    [],
    what,
  );
}

async function upload(page, id, version, blank = kBlank) {
  await page.goto(`${server.origin}/formular`);
  await page.getByLabel("Blankett (PDF)").setInputFiles(blank);
  await page.getByLabel("Namn i rapporter, utan mellanslag").fill(id);
  await page.getByLabel("Version, som på blanketten").fill(version);
  await page.getByRole("button", { name: "Läs blanketten" }).click();
}

const selectedBox = (page) =>
  page.evaluate(() =>
    ["x", "y", "w", "h"].map((n) =>
      Number(document.querySelector(`[data-field] [name=${n}]`).value),
    ),
  );

test("only an admin sees the forms", async () => {
  const page = await loggedIn(browser, server.origin, "anna");
  assert.equal((await page.goto(`${server.origin}/formular`)).status(), 403);
  await page.context().close();
});

test("a blank becomes a draft, is corrected by mouse, and judges from then on", async () => {
  const page = await loggedIn(browser, server.origin, "adam");
  await upload(page, "provning", "2.0");
  await page.waitForURL(/\/formular\/provning-2\.0$/);
  await page.getByText(/att se över|Inget fel/).waitFor();
  const places = await page.locator(".place").count();
  assert.ok(places > 18, `${places} places`);
  await isAccessible(page, "the editor");

  // A place is moved and made larger.
  const place = page.getByRole("button", { name: /^3 Sökt belopp/ });
  await place.scrollIntoViewIfNeeded();
  await place.click();
  const before = await selectedBox(page);
  const box = await place.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(box.x + 50, box.y + 25, { steps: 4 });
  await page.mouse.up();
  const moved = await selectedBox(page);
  assert.ok(moved[0] > before[0] + 10 && moved[1] > before[1] + 8, `${before} to ${moved}`);
  assert.equal(moved[2], before[2]);
  await page.getByRole("button", { name: "Ångra" }).click();
  await place.click();
  assert.deepEqual(await selectedBox(page), before);

  // Dragging over paper makes a new one.
  const sheet = await page.locator(".sheet").boundingBox();
  await page.mouse.move(sheet.x + 0.7 * sheet.width, sheet.y + 0.08 * sheet.height);
  await page.mouse.down();
  await page.mouse.move(sheet.x + 0.9 * sheet.width, sheet.y + 0.1 * sheet.height, { steps: 4 });
  await page.mouse.up();
  await page.getByLabel("Etikett, som på blanketten").fill("Diarienummer hos oss");
  await page.getByLabel("Etikett, som på blanketten").press("Tab");
  await page.getByLabel("Ska vara ifylld").uncheck();
  assert.equal(await page.locator(".place").count(), places + 1);

  // A fault is said at once, and saving waits for it.
  await page.locator("[data-field] summary").click();
  await page.getByLabel("Mönster (reguljärt uttryck)").fill("20[0-9");
  await page.getByLabel("Mönster (reguljärt uttryck)").press("Tab");
  await page.getByText("mönstret är inget reguljärt uttryck").waitFor();
  await page.getByRole("button", { name: "Spara formuläret" }).click();
  await page.getByText("Formuläret är inte sparat").waitFor();
  await page.getByLabel("Mönster (reguljärt uttryck)").fill("");
  await page.getByLabel("Mönster (reguljärt uttryck)").press("Tab");
  await page.getByLabel("När ska den vara med?").selectOption({ label: "Bara när den skickas in" });
  await page.getByRole("button", { name: "Spara formuläret" }).click();
  await page.getByText("provning-2.0 är sparat").waitFor();
  assert.ok(existsSync(join(forms, "provning-2.0", "form.yaml")));
  const yaml = readFileSync(join(forms, "provning-2.0", "form.yaml"), "utf8");
  assert.match(yaml, /id: diarienummer_hos_oss/);
  assert.match(yaml, /label: "Sökt belopp"/);
  assert.match(yaml, /cells: 12/);
  assert.doesNotMatch(readFileSync(join(forms, "requirements.yaml"), "utf8"), /provning/);
  await isAccessible(page, "the list of forms");
  await page.goto(`${server.origin}/logg`);
  await page.getByText("formulär sparat: provning-2.0").waitFor();
  await page.context().close();
});

test("the keyboard alone is enough", async () => {
  const page = await loggedIn(browser, server.origin, "adam");
  await upload(page, "provning", "3.0");
  await page.waitForURL(/provning-3\.0$/);
  const place = page.getByRole("button", { name: /^3 Sökt belopp/ });
  await place.focus();
  const before = await selectedBox(page);
  for (const key of ["ArrowRight", "Shift+ArrowDown", "Alt+ArrowRight"])
    await page.keyboard.press(key);
  assert.deepEqual(await selectedBox(page), [
    before[0] + 1,
    before[1] + 10,
    before[2] + 1,
    before[3],
  ]);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.name), "label");
  await page.keyboard.type("Belopp");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.name), "kind");
  const count = await page.locator(".place").count();
  await page.getByRole("button", { name: /^4 Diarienummer/ }).focus();
  await page.keyboard.press("Delete");
  assert.equal(await page.locator(".place").count(), count - 1);

  // Two marked boxes become one choice, and that is taken back; a place is split in two.
  for (const name of [/^5 Uppgifterna i ansökan/, /^5 Lämnas personuppgifter ut\?,/]) {
    await page.getByRole("button", { name }).focus();
    await page.keyboard.press("Space");
  }
  const fields = await page.locator(".place:not(.option)").count();
  await page.getByRole("button", { name: "Slå ihop markerade" }).press("Enter");
  assert.equal(await page.locator(".place:not(.option)").count(), fields - 1);
  assert.equal(await page.locator(".place.option").count(), 4);
  await page.getByRole("button", { name: "Ångra" }).press("Enter");
  assert.equal(await page.locator(".place:not(.option)").count(), fields);
  await page.getByRole("button", { name: /^4 Från och med/ }).focus();
  const half = (await selectedBox(page))[2] / 2;
  await page.getByRole("button", { name: "Dela" }).press("Enter");
  assert.ok(Math.abs((await selectedBox(page))[2] - half) < 0.2);
  assert.equal(await page.locator(".place").count(), count);
  await page.keyboard.press("Control+s");
  await page.waitForURL(/\/formular\?sparat=/);

  // The versions beside each other.
  await page.goto(`${server.origin}/formular/provning-3.0`);
  await page.getByRole("link", { name: "version 2.0" }).click();
  await page.getByRole("row", { name: /Diarienummer hos oss Borttagen/ }).waitFor();
  await page.getByRole("row", { name: /Sökt belopp Ändrad/ }).waitFor();
  await isAccessible(page, "the comparison");
  await page.context().close();
});

test("a form is tried on a scan before it is saved", async () => {
  const page = await loggedIn(browser, server.origin, "adam");
  await page.goto(`${server.origin}/formular/producentavtal-2.1`);
  const scan = join(kRoot, "data", "samples", "2-signature-missing");
  const { readdirSync } = await import("node:fs");
  const pdf = readdirSync(scan).find((name) => name.endsWith(".pdf"));
  await page.getByLabel("Skannad blankett (PDF eller bild)").setInputFiles(join(scan, pdf));
  await page.getByRole("button", { name: "Prova" }).click();
  await page.getByText(/^Omdöme: /).waitFor({ timeout: 60_000 });
  const rows = await page.locator("[data-outcome] tbody tr").allTextContents();
  assert.ok(rows.length >= 3, rows.join("; "));
  assert.equal(await page.locator(".place.ok").count(), 3);
  await page.context().close();
});

test("what is no blank, and what is registered, is refused in words", async () => {
  const page = await loggedIn(browser, server.origin, "adam");
  await upload(page, "x", "1", join(kRoot, "README.md"));
  await page.getByRole("alert").filter({ hasText: "Blanketten kunde inte läsas" }).waitFor();
  await upload(page, "producentavtal", "2.1");
  await page.getByRole("alert").filter({ hasText: "finns redan" }).waitFor();
  await page.goto(`${server.origin}/formular/..%2F..%2Fetc`);
  await page.getByText("Formuläret finns inte").waitFor();
  await page.context().close();
});
