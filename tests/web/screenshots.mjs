// Takes pictures of every page at two widths: node screenshots.mjs FOLDER
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { kRoot, launch, loggedIn, makeStore, startServer } from "./harness.mjs";

const folder = process.argv[2] ?? "screenshots";
mkdirSync(folder, { recursive: true });
const server = await startServer(
  makeStore([
    "1-complete",
    "2-signature-missing",
    "3-wrong-check-digit",
    "4-agreement-missing",
    "5-turned-and-shuffled",
    "6-poor-fax",
  ]),
);
const browser = await launch();
for (const width of [1280, 390]) {
  const shot = async (page, name, fullPage = true) => {
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage });
  };
  const viewport = { width, height: width === 390 ? 844 : 900 };
  const guest = await browser.newPage({ viewport });
  await guest.goto(server.origin);
  await shot(guest, "login");
  const page = await loggedIn(browser, server.origin, "anna", { viewport });
  await shot(page, "queue");
  for (const [name, path] of [
    ["queue-all", "/?status="],
    ["review", "/inlamning/2-signature-missing"],
    ["review-number", "/inlamning/3-wrong-check-digit"],
    ["review-absent", "/inlamning/4-agreement-missing"],
    ["review-complete", "/inlamning/1-complete"],
    ["letter", "/inlamning/2-signature-missing/brev"],
    ["upload", "/ladda-upp"],
    ["missing", "/inlamning/ingen"],
  ]) {
    await page.goto(server.origin + path);
    await shot(page, name, !name.startsWith("review") || width === 390);
  }
  await page.goto(`${server.origin}/inlamning/5-turned-and-shuffled`);
  await shot(page, "review-turned", false);
  if (width === 1280) {
    await page.goto(`${server.origin}/inlamning/2-signature-missing/brev`);
    await page.getByRole("button", { name: "Spara och markera" }).click();
  } else {
    await page.goto(`${server.origin}/inlamning/2-signature-missing`);
    await page.getByRole("link", { name: /Begäran om komplettering/ }).click();
  }
  await shot(page, "letter-sent");
  const admin = await loggedIn(browser, server.origin, "adam", { viewport });
  for (const [name, path] of [
    ["figures", "/statistik"],
    ["log", "/logg"],
    ["users", "/anvandare"],
    ["failed", "/misslyckade"],
  ]) {
    await admin.goto(server.origin + path);
    await shot(admin, name);
  }
  await page.goto(server.origin);
  await page.keyboard.press("?");
  await shot(page, "keys", false);
}
await browser.close();
await server.stop();
console.log(`${kRoot}: pictures are in ${folder}`);
