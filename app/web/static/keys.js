// @ts-check
// Single-key shortcuts, which can be switched off (WCAG 2.1.4), and the list of them.
"use strict";

(() => {
  const kOff = "avtalskoll-keys-off";
  /** The keys of this page and their meaning, for the list. @type {[string, string][]} */
  const help = [];

  /** @param {string} selector @returns {HTMLElement[]} */
  const all = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);

  /** The elements that j and k step through: the rows of a list or the cards of a review. */
  const steps = () => all("[data-row], [data-step]");

  /** @param {HTMLElement} step */
  function goTo(step) {
    for (const other of steps()) delete other.dataset.here;
    step.dataset.here = "";
    const target = step.matches("[data-row]") ? step.querySelector("a") : step;
    if (target instanceof HTMLElement) target.focus();
    step.dispatchEvent(new CustomEvent("here", { bubbles: true }));
  }

  /** The step at which the person is. */
  function here() {
    const at = document.activeElement?.closest("[data-row], [data-step]");
    return /** @type {HTMLElement | undefined} */ (at ?? steps().find((s) => "here" in s.dataset));
  }

  /** @param {number} by */
  function step(by) {
    const list = steps();
    const at = here();
    const next = list[at ? list.indexOf(at) + by : 0];
    if (next) goTo(next);
  }

  function nextOpen() {
    const list = steps();
    const at = here();
    const from = at ? list.indexOf(at) + 1 : 0;
    const next = [...list.slice(from), ...list.slice(0, from)].find((s) => "open" in s.dataset);
    if (next) goTo(next);
  }

  /**
   * Presses the element that has the key: first where the person is, then on the page as a whole.
   * @param {string} key
   */
  function press(key) {
    const whole = all(`[data-key="${key}"]`).find((e) => !e.closest("[data-step]"));
    const found =
      here()?.querySelector(`[data-key="${key}"], [data-key-focus="${key}"]`) ??
      whole ??
      all(`[data-key-focus="${key}"]`).find((e) => !e.closest("[data-step]"));
    if (!(found instanceof HTMLElement)) return false;
    const folded = found.closest("details");
    if (folded) folded.open = true;
    if (found.dataset.keyFocus) {
      found.focus();
      if (found instanceof HTMLInputElement) found.select();
    } else {
      found.click();
    }
    return true;
  }

  const isWriting = () =>
    document.activeElement?.matches(
      "input:not([type=radio]):not([type=checkbox]), textarea, select",
    ) ?? false;
  const isOff = () => localStorage.getItem(kOff) !== null;
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys"));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
    if (event.key === "Escape" && isWriting()) {
      const step_ = document.activeElement?.closest("[data-step]");
      if (step_ instanceof HTMLElement) step_.focus();
      return;
    }
    if (isWriting() || isOff()) return;
    // A key that is held down decides once.
    if (event.repeat && !["j", "k", "o"].includes(event.key)) return;
    const known = {
      j: () => step(1),
      k: () => step(-1),
      o: nextOpen,
      "?": () => dialog?.showModal(),
    };
    const handler =
      Object.hasOwn(known, event.key) && !(event.key === "k" && !steps().length)
        ? known[/** @type {"j"} */ (event.key)]
        : undefined;
    if (handler) handler();
    else if (event.key.length !== 1 || !press(event.key)) return;
    event.preventDefault();
  });

  if (dialog) {
    if (steps().length) help.push(["j", "nästa rad"], ["k", "föregående rad"]);
    if (document.querySelector("[data-row]")) help.push(["Enter", "öppna ärendet"], ["/", "sök"]);
    if (document.querySelector("[data-step]"))
      help.push(
        ["o", "nästa som är öppen"],
        ["g", "godkänn, underskrift finns"],
        ["r", "rätta värdet"],
        ["s", "saknas"],
        ["u", "ångra"],
        ["K", "hela ärendet komplett"],
        ["b", "begär komplettering"],
        ["n", "nästa ärende"],
        ["v", "visa bara det som är kvar"],
        ["+ − 0", "zooma sidan"],
      );
    help.push(["Esc", "lämna ett fält"], ["?", "visa den här listan"]);
    const list = dialog.querySelector("dl");
    for (const [key, what] of help) {
      const dt = document.createElement("dt"),
        dd = document.createElement("dd");
      dt.textContent = key;
      dd.textContent = what;
      list?.append(dt, dd);
    }
    const on = /** @type {HTMLInputElement} */ (document.getElementById("keys-on"));
    on.checked = !isOff();
    on.addEventListener("change", () =>
      on.checked ? localStorage.removeItem(kOff) : localStorage.setItem(kOff, ""),
    );
    document.querySelector("[data-keys-help]")?.addEventListener("click", () => dialog.showModal());
  }
})();
