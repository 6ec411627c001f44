// @ts-check
// What a person writes stays in the browser until the server has it, so that a session that ends
// meanwhile costs nothing. Only texts of several lines are kept, for this tab's pages alone.
"use strict";

(() => {
  const kSent = "avtalskoll-sent";
  /** Of one text for one person on one state of the case. @param {HTMLTextAreaElement} area */
  const keyOf = (area) => {
    const of = (/** @type {string} */ name) => area.form?.querySelector(`[name=${name}]`);
    const values = ["revision", "till"].map((name) => of(name)?.getAttribute("value") ?? "");
    return ["avtalskoll-draft", location.pathname, area.name, ...values].join(" ");
  };

  // A text that was not taken is kept: the answer is a refusal or the login then.
  const sent = sessionStorage.getItem(kSent);
  const isRefused = document.querySelector("[role=alert]") !== null;
  const isLogin = document.querySelector("form[action='/logga-in']") !== null;
  if (sent && !isRefused && !isLogin)
    for (const key of JSON.parse(sent)) sessionStorage.removeItem(key);
  sessionStorage.removeItem(kSent);

  for (const area of document.querySelectorAll("textarea[name]")) {
    if (!(area instanceof HTMLTextAreaElement)) continue;
    const kept = sessionStorage.getItem(keyOf(area));
    if (kept !== null && kept !== area.value) area.value = kept;
    area.addEventListener("input", () => sessionStorage.setItem(keyOf(area), area.value));
    area.form?.addEventListener("submit", () =>
      sessionStorage.setItem(kSent, JSON.stringify([keyOf(area)])),
    );
  }
})();
