// @ts-check
// The places of a form over the pages of its blank: drawn, selected, marked, moved and resized by
// mouse or keyboard.
import { boxOf } from "./form_model.js";

/** @typedef {import("./form_model.js").Field} Field */
/** @typedef {import("./form_model.js").Box} Box */
/** @typedef {import("./form_model.js").FormModel} FormModel */
/**
 * What the places tell the rest of the page.
 * @typedef {{ selected: () => void, focused: () => void, moving: () => void,
 *   changed: () => void, describe: () => void, say: (text: string) => void, kindName: (kind: string) => string }} Told
 */

const kArrows = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});
const kLeastDrag_px = 3,
  kLeast_pt = 4;

export class FormPlaces {
  /** @type {HTMLElement} */
  #sheets;
  /** @type {FormModel} */
  #model;
  /** @type {Told} */
  #told;
  /**
   * @type {{ page: number, field: Field | null, n: number, from: [number, number], box: Box,
   *   corner: boolean, moved: boolean } | null}
   */
  #drag = null;
  /** @type {Record<string, string>} */
  outcome = {}; // verdicts of a scan that was tried, by point and field

  /** @param {HTMLElement} sheets @param {FormModel} model @param {Told} told */
  constructor(sheets, model, told) {
    this.#sheets = sheets;
    this.#model = model;
    this.#told = told;
    sheets.addEventListener("pointerdown", (event) => this.#press(event));
    sheets.addEventListener("pointermove", (event) => this.#pull(event));
    sheets.addEventListener("pointerup", () => this.#release());
    sheets.addEventListener("pointercancel", () => (this.#drag = null));
    sheets.addEventListener("keydown", (event) => this.#key(event));
    sheets.addEventListener("focusin", (event) => this.#focused(event));
  }

  show() {
    const focused = document.activeElement?.closest(".place");
    for (const sheet of this.#sheets.querySelectorAll(".sheet")) {
      const page = Number(/** @type {HTMLElement} */ (sheet).dataset.page);
      for (const old of sheet.querySelectorAll(".place")) old.remove();
      for (const field of this.#model.allFields().filter((f) => f.page === page)) {
        sheet.append(this.#button(field, -1));
        field.options.forEach((_, n) => sheet.append(this.#button(field, n)));
      }
    }
    // The places were drawn anew: the focus stays on the selected one.
    if (focused) this.#selectedButton()?.focus({ preventScroll: true });
  }

  focusSelected() {
    this.#selectedButton()?.focus({ preventScroll: true });
    this.#selectedButton()?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #selectedButton() {
    const { selected, option } = this.#model;
    return /** @type {HTMLElement | null} */ (
      this.#sheets.querySelector(`.place[data-key="${selected}"][data-option="${option}"]`)
    );
  }

  /** @param {Field} field @param {number} n */
  #button(field, n) {
    const { form, marked, selected, option } = this.#model;
    const point = this.#model.pointOf(field)?.number ?? "",
      kind = this.#told.kindName(field.kind),
      whose = field.side === "other" ? ", motpartens, ska vara tom" : "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "place";
    button.dataset.key = String(field.key);
    button.dataset.option = String(n);
    button.setAttribute(
      "aria-label",
      n >= 0
        ? `${field.label}: rutan ${field.options[n].label}`
        : `${point} ${field.label}, ${kind}${whose}`,
    );
    button.setAttribute("aria-describedby", "editor-help");
    button.setAttribute("aria-pressed", String(marked.includes(field.key ?? 0)));
    button.classList.toggle("signed", field.kind === "signature" && field.side !== "other");
    button.classList.toggle("other", field.side === "other");
    button.classList.toggle("doubted", field.doubted);
    button.classList.toggle("option", n >= 0);
    if (field.key === selected && n === option) button.dataset.here = "";
    const verdict = this.outcome[`${point}/${field.id}`];
    if (verdict) button.classList.add(verdict);
    const corner = document.createElement("span");
    corner.className = "corner";
    button.append(corner);
    const [x, y, w, h] = boxOf(field, n),
      page = form.pages[field.page - 1];
    button.style.left = `${(100 * x) / page.w}%`;
    button.style.top = `${(100 * y) / page.h}%`;
    button.style.width = `${(100 * w) / page.w}%`;
    button.style.height = `${(100 * h) / page.h}%`;
    return button;
  }

  /** The place that an event is on. @param {EventTarget | null} target */
  #placeAt(target) {
    const place = target instanceof Element ? target.closest(".place") : null;
    if (!(place instanceof HTMLElement)) return null;
    const field = this.#model.fieldOf(Number(place.dataset.key));
    return field ? { place, field, n: Number(place.dataset.option) } : null;
  }

  /** @param {Field} field @param {number} n */
  #select(field, n) {
    this.#model.selected = field.key ?? 0;
    this.#model.option = n;
  }

  /** @param {Field} field */
  #mark(field) {
    const key = field.key ?? 0,
      { marked } = this.#model;
    this.#model.marked = marked.includes(key) ? marked.filter((k) => k !== key) : [...marked, key];
    const count = this.#model.marked.length;
    this.#told.say(count ? `${count} platser är markerade.` : "");
    this.show();
  }

  // By mouse

  /** @param {PointerEvent} event @param {HTMLElement} sheet @returns {[number, number]} */
  #pointAt(event, sheet) {
    const frame = sheet.getBoundingClientRect(),
      size = this.#model.form.pages[Number(sheet.dataset.page) - 1];
    return [
      ((event.clientX - frame.left) * size.w) / frame.width,
      ((event.clientY - frame.top) * size.h) / frame.height,
    ];
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const target = /** @type {Element} */ (event.target),
      sheet = /** @type {HTMLElement | null} */ (target.closest(".sheet"));
    if (!sheet || event.button !== 0) return;
    const from = this.#pointAt(event, sheet),
      page = Number(sheet.dataset.page),
      at = this.#placeAt(target);
    if (at && (event.ctrlKey || event.metaKey)) return this.#mark(at.field);
    if (at) {
      const { field, n } = at;
      this.#select(field, n);
      this.#told.selected();
      const box = /** @type {Box} */ ([...boxOf(field, n)]),
        corner = target.closest(".corner") !== null;
      this.#drag = { page, field, n, from, box, corner, moved: false };
      this.focusSelected();
    } else {
      // Over empty paper: a new place, once the pointer has moved.
      const box = /** @type {Box} */ ([...from, 0, 0]);
      this.#drag = { page, field: null, n: -1, from, box, corner: true, moved: false };
    }
    this.#sheets.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #pull(event) {
    const drag = this.#drag;
    const sheet = drag && this.#sheets.querySelector(`.sheet[data-page="${drag.page}"]`);
    if (!drag || !(sheet instanceof HTMLElement)) return;
    const at = this.#pointAt(event, sheet),
      dx = at[0] - drag.from[0],
      dy = at[1] - drag.from[1];
    if (!drag.moved) {
      if (Math.hypot(dx, dy) < kLeastDrag_px) return;
      this.#model.remember();
      drag.moved = true;
    }
    const field = (drag.field ??= this.#model.addField(drag.page, [...drag.from, 4, 4]));
    const [x, y, w, h] = drag.box;
    this.#model.moveTo(
      field,
      drag.n,
      drag.corner
        ? [x, y, Math.max(kLeast_pt, w + dx), Math.max(kLeast_pt, h + dy)]
        : [x + dx, y + dy, w, h],
    );
    this.#told.moving();
  }

  #release() {
    const ended = this.#drag;
    this.#drag = null;
    if (!ended?.moved) return;
    this.#told.changed();
    this.focusSelected();
    const isNew = ended.box[2] === 0;
    if (isNew) this.#told.describe();
  }

  // By keyboard

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.#placeAt(event.target);
    if (!at) return;
    const { field, n } = at,
      arrow = kArrows[event.key];
    if (arrow) {
      const step = event.shiftKey ? 10 : 1,
        [x, y, w, h] = boxOf(field, n),
        dx = step * arrow[0],
        dy = step * arrow[1];
      this.#select(field, n);
      this.#model.remember();
      this.#model.moveTo(field, n, event.altKey ? [x, y, w + dx, h + dy] : [x + dx, y + dy, w, h]);
      this.#told.changed();
    } else if (event.key === "Delete") {
      this.#select(field, n);
      this.#model.remember();
      this.#model.remove();
      this.#told.changed();
      this.focusSelected();
    } else if (event.key === " ") {
      this.#mark(field);
    } else if (event.key === "Enter") {
      this.#select(field, n);
      this.#told.selected();
      this.#told.describe();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {FocusEvent} event */
  #focused(event) {
    const at = this.#placeAt(event.target);
    if (!at || this.#drag) return;
    if (at.field.key === this.#model.selected && at.n === this.#model.option) return;
    this.#select(at.field, at.n);
    for (const other of this.#sheets.querySelectorAll(".place[data-here]"))
      other.removeAttribute("data-here");
    at.place.dataset.here = "";
    this.#told.focused();
  }
}
