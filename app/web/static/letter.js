// @ts-check
// Copying and printing a letter.
"use strict";

(() => {
  const text = document.getElementById("brevtext")?.textContent ?? "";
  const copy = /** @type {HTMLButtonElement} */ (document.querySelector("[data-copy]"));
  const print = /** @type {HTMLButtonElement} */ (document.querySelector("[data-print]"));
  const said = document.querySelector("[aria-live]");
  if (navigator.clipboard) copy.hidden = false;
  print.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    if (said) said.textContent = "Kopierat.";
  });
  print.addEventListener("click", () => window.print());
})();
