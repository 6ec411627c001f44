// @ts-check
// The review page: a point shows its place on the paper and a place its point, pages zoom and pan,
// and decisions are sent without reloading the page. Everything also works without this script, by
// links and forms.
"use strict";

(() => {
  const sheets = /** @type {HTMLElement} */ (document.querySelector(".sheets"));
  const zoomed = /** @type {HTMLOutputElement} */ (document.querySelector(".tools output"));
  let zoom = 1;

  /** @param {number} to */
  function zoomTo(to) {
    const before = zoom;
    zoom = Math.min(6, Math.max(0.25, to));
    const x = (sheets.scrollLeft + sheets.clientWidth / 2) / before,
      y = (sheets.scrollTop + sheets.clientHeight / 2) / before;
    sheets.style.setProperty("--zoom", String(zoom));
    sheets.scrollTo({
      left: x * zoom - sheets.clientWidth / 2,
      top: y * zoom - sheets.clientHeight / 2,
      behavior: "instant",
    });
    zoomed.textContent = `${Math.round(zoom * 100)} %`;
  }
  /** @param {string} how */
  const zoomBy = (how) => zoomTo(how === "+" ? zoom * 1.25 : how === "-" ? zoom / 1.25 : 1);

  /** @param {Element | null} place */
  function showPlace(place) {
    for (const other of document.querySelectorAll(".sheet a[data-here]"))
      other.removeAttribute("data-here");
    if (!place) return;
    place.setAttribute("data-here", "");
    const box = place.getBoundingClientRect(),
      frame = sheets.getBoundingClientRect();
    sheets.scrollBy({
      left: box.left + box.width / 2 - frame.left - frame.width / 2,
      top: box.top + box.height / 2 - frame.top - frame.height / 2,
    });
  }

  /** @param {Element | null} card */
  function showCard(card) {
    for (const other of document.querySelectorAll(".card[data-here]"))
      other.removeAttribute("data-here");
    if (!(card instanceof HTMLElement)) return;
    card.dataset.here = "";
    card.scrollIntoView({ block: "center" });
    card.focus({ preventScroll: true });
    showPlace(document.getElementById(card.dataset.box ?? ""));
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const tool = target?.closest("[data-zoom]");
    if (tool instanceof HTMLElement) return zoomBy(tool.dataset.zoom ?? "0");
    const place = target?.closest(".sheet a"),
      crop = target?.closest("a.crop");
    if (place) showCard(document.getElementById((place.getAttribute("href") ?? "").slice(1)));
    else if (crop) showPlace(document.getElementById((crop.getAttribute("href") ?? "").slice(1)));
    else return;
    event.preventDefault();
  });
  document.addEventListener("here", (event) => {
    if (event.target instanceof HTMLElement)
      showPlace(document.getElementById(event.target.dataset.box ?? ""));
  });
  document.addEventListener("focusin", (event) => {
    const card = event.target instanceof Element ? event.target.closest(".card[data-box]") : null;
    if (card instanceof HTMLElement && !("here" in card.dataset)) {
      for (const other of document.querySelectorAll(".card[data-here]"))
        other.removeAttribute("data-here");
      card.dataset.here = "";
      showPlace(document.getElementById(card.dataset.box ?? ""));
    }
  });
  document.addEventListener("keydown", (event) => {
    const writing = document.activeElement?.matches("input, textarea, select");
    if (
      writing ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      localStorage.getItem("avtalskoll-keys-off") !== null
    )
      return;
    if (["+", "-", "0"].includes(event.key)) {
      zoomBy(event.key);
      event.preventDefault();
    }
  });

  let panned = /** @type {{ x: number, y: number } | null} */ (null);
  sheets.addEventListener("pointerdown", (event) => {
    if (
      event.pointerType === "mouse" &&
      event.button === 0 &&
      !(event.target instanceof Element && event.target.closest("a"))
    ) {
      panned = { x: event.clientX, y: event.clientY };
      sheets.classList.add("drag");
      event.preventDefault();
      sheets.focus({ preventScroll: true });
    }
  });
  window.addEventListener("pointermove", (event) => {
    if (!panned) return;
    sheets.scrollBy({
      left: panned.x - event.clientX,
      top: panned.y - event.clientY,
      behavior: "instant",
    });
    panned = { x: event.clientX, y: event.clientY };
  });
  window.addEventListener("pointerup", () => {
    panned = null;
    sheets.classList.remove("drag");
  });
  // The officer first sees a point that is still open.
  if (!location.hash && !document.querySelector("[role=alert]"))
    showCard(document.querySelector(".card[data-open]"));
  else if (location.hash.startsWith("#f") || location.hash.startsWith("#i"))
    showCard(
      document.querySelector(`${location.hash} ~ .card[data-open]`) ??
        document.querySelector(".card[data-open]"),
    );

  for (const tools of document.querySelectorAll(".tools")) tools.removeAttribute("hidden");

  // Finished points fold away; the choice stays in the browser.
  const kRest = "avtalskoll-rest-only";
  function showRest() {
    const box = document.getElementById("rest");
    if (!(box instanceof HTMLInputElement)) return;
    box.checked = localStorage.getItem(kRest) !== null;
    box.closest("p")?.removeAttribute("hidden");
    document.querySelector(".case")?.classList.toggle("rest", box.checked);
  }
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.id !== "rest") return;
    if (box.checked) localStorage.setItem(kRest, "");
    else localStorage.removeItem(kRest);
    showRest();
  });
  showRest();

  /**
   * Takes the left side and the places from an answer; the pages stay as they are.
   * @param {Document} answer
   * @param {string} focus
   */
  function take(answer, focus) {
    const points = answer.getElementById("punkter"),
      now = document.getElementById("punkter");
    if (!points || !now) return false;
    now.replaceWith(points);
    showRest();
    const places = answer.querySelectorAll(".sheet svg");
    document
      .querySelectorAll(".sheet svg")
      .forEach((svg, n) => places[n] && svg.replaceWith(places[n]));
    const notice = points.querySelector("[role=alert]");
    const open =
      points.querySelector(`#${focus} ~ .card[data-open]`) ?? points.querySelector("[data-open]");
    if (notice instanceof HTMLElement) {
      notice.tabIndex = -1;
      notice.focus();
      notice.scrollIntoView({ block: "center" });
    } else {
      showCard(open ?? document.getElementById(focus));
    }
    return true;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (
      !(form instanceof HTMLFormElement) ||
      !form.closest("[data-step]") ||
      event.defaultPrevented
    )
      return;
    event.preventDefault();
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form, event.submitter))
      body.append(name, String(value));
    const enable = (/** @type {boolean} */ on) =>
      form.querySelectorAll("button").forEach((button) => (button.disabled = !on));
    const say = (/** @type {string} */ what) => {
      enable(true);
      form.parentElement?.querySelector("[data-trouble]")?.remove();
      const notice = document.createElement("p");
      notice.className = "notice bad";
      notice.dataset.trouble = "";
      notice.setAttribute("role", "alert");
      notice.textContent = what;
      form.after(notice);
    };
    enable(false);
    fetch(form.action, { method: "POST", body })
      .then(async (answer) => {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!take(page, body.get("n") ?? "punkter"))
          say(
            (page.querySelector("[role=alert]") ?? page.querySelector("main p"))?.textContent ??
              "Beslutet är inte sparat.",
          );
      })
      .catch(() => say("Servern svarar inte. Beslutet är inte sparat; försök igen."));
  });
})();
