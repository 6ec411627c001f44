// @ts-check
// The form editor: places are drawn over the blank's pages, moved and resized by mouse or keyboard,
// described beside them, checked by the server as they change, tried on a scan, and saved.
"use strict";

(() => {
  /** @typedef {[number, number, number, number]} Box */
  /** @typedef {{ label: string, box: Box }} Choice */
  /**
   * @typedef {{ id: string, label: string, kind: string, required: boolean, page: number, box: Box,
   *   cells: number, prompt: string, pattern: string, min: number | null, max: number | null,
   *   max_ticked: number, name_field: string, doubted: boolean, parts: Box[], options: Choice[],
   *   keep_empty: { page: number, box: Box }[], side?: string, key?: number }} Field
   */
  /** @typedef {{ number: string, title: string, fields: Field[] }} Point */
  /** @typedef {{ kind: string, fields: string[], if: string, option: string, count: number }} Rule */
  /**
   * @typedef {{ title: string, withdrawn: boolean, pages: { w: number, h: number }[],
   *   points: Point[], rules: Rule[] }} Form
   */

  const root = /** @type {HTMLElement} */ (document.querySelector(".editor"));
  const path = root.dataset.path ?? "",
    csrf = root.dataset.csrf ?? "";
  /** @template {Element} E @param {string} selector @returns {E} */
  const find = (selector) => /** @type {E} */ (root.querySelector(selector));
  const fieldForm = /** @type {HTMLFormElement} */ (find("[data-field]")),
    headForm = /** @type {HTMLFormElement} */ (find("[data-head]")),
    tryForm = /** @type {HTMLFormElement} */ (find("[data-try]")),
    ruleForm = /** @type {HTMLFormElement} */ (find("[data-new-rule]")),
    sheets = /** @type {HTMLElement} */ (find(".sheets"));
  /** @param {HTMLFormElement} form @param {string} name */
  const input = (form, name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

  /** @type {Form} */
  let form = JSON.parse(root.dataset.definition ?? "{}");
  let nextKey = 1;
  let selected = 0; // key of a field; an option of it is chosen by its number
  let option = -1;
  /** @type {number[]} */
  let marked = []; // keys, in the order in which they were marked
  /** @type {string[]} */
  const past = [];
  let saved = true;
  /** @type {Record<string, string>} */
  let outcome = {}; // verdicts of the scan that was tried, by point and field

  // The other side's places are places of their own here.
  for (const point of form.points)
    point.fields = point.fields.flatMap((field) => {
      const own = { ...field, side: "own", key: nextKey++ };
      const others = field.keep_empty.map((place) => ({
        ...field,
        ...place,
        id: `${field.id}_motpart`,
        side: "other",
        required: false,
        doubted: false,
        keep_empty: [],
        key: nextKey++,
      }));
      return [{ ...own, keep_empty: [] }, ...others];
    });

  const allFields = () => form.points.flatMap((point) => point.fields);
  /** @param {number | undefined} key */
  const fieldOf = (key) => allFields().find((field) => field.key === key);
  /** @param {Field | undefined} field */
  const pointOf = (field) => form.points.find((point) => field && point.fields.includes(field));
  /** @param {string} kind */
  const shapeOf = (kind) =>
    /** @type {HTMLElement} */ (find(`[data-field] [name=kind] option[value="${kind}"]`)).dataset
      .shape;

  /** @param {number} n */
  const tenth = (n) => Math.round(10 * n) / 10;
  /** @param {Box} box @param {number} page @returns {Box} */
  function within(box, page) {
    const size = form.pages[page - 1];
    const w = Math.min(Math.max(4, box[2]), size.w),
      h = Math.min(Math.max(4, box[3]), size.h);
    return [
      tenth(Math.min(Math.max(0, box[0]), size.w - w)),
      tenth(Math.min(Math.max(0, box[1]), size.h - h)),
      tenth(w),
      tenth(h),
    ];
  }
  /** @param {Box[]} boxes @returns {Box} */
  function hull(boxes) {
    const x = Math.min(...boxes.map((b) => b[0])),
      y = Math.min(...boxes.map((b) => b[1]));
    return [
      x,
      y,
      Math.max(...boxes.map((b) => b[0] + b[2])) - x,
      Math.max(...boxes.map((b) => b[1] + b[3])) - y,
    ];
  }

  /** The box that is moved: an option's, or the field's. @param {Field} field @param {number} n */
  const boxOf = (field, n) => (n >= 0 ? field.options[n].box : field.box);
  /** @param {Field} field @param {number} n @param {Box} to */
  function moveTo(field, n, to) {
    const box = within(to, field.page);
    if (n >= 0) {
      field.options[n].box = box;
      field.box = within(hull([...field.options.map((o) => o.box)]), field.page);
      return;
    }
    const dx = box[0] - field.box[0],
      dy = box[1] - field.box[1];
    for (const other of field.options)
      other.box = within([other.box[0] + dx, other.box[1] + dy, other.box[2], other.box[3]], field.page);
    if (box[2] !== field.box[2] || box[3] !== field.box[3]) field.parts = [];
    else field.parts = field.parts.map((p) => [tenth(p[0] + dx), tenth(p[1] + dy), p[2], p[3]]);
    field.box = box;
  }

  // Changes

  function remember() {
    past.push(JSON.stringify(form));
    if (past.length > 200) past.shift();
    saved = false;
    /** @type {HTMLButtonElement} */ (find("[data-do=undo]")).disabled = false;
  }
  function undo() {
    const before = past.pop();
    if (!before) return;
    form = JSON.parse(before);
    /** @type {HTMLButtonElement} */ (find("[data-do=undo]")).disabled = past.length === 0;
    if (!fieldOf(selected)) selected = 0;
    show();
  }
  /** @param {() => void} how */
  function change(how) {
    remember();
    how();
    show();
  }

  /** @param {Point} point @param {string} wish */
  function freeId(point, wish) {
    const taken = new Set(point.fields.map((f) => f.id));
    let id = wish;
    for (let n = 2; taken.has(id); ++n) id = `${wish}_${n}`;
    return id;
  }
  /** @param {string} label */
  const idFrom = (label) =>
    label
      .toLowerCase()
      .normalize("NFD")
      .replace(/[^a-z0-9]+/g, " ")
      .trim()
      .split(" ")
      .slice(0, 4)
      .join("_") || "plats";

  /** The point whose places stand nearest above. @param {number} page @param {number} y */
  function nearestPoint(page, y) {
    let best = form.points[0];
    for (const point of form.points)
      if (point.fields.some((f) => f.page < page || (f.page === page && f.box[1] <= y))) best = point;
    return best;
  }

  /** @param {number} page @param {Box} box */
  function addField(page, box) {
    if (form.points.length === 0) form.points.push({ number: "1", title: "", fields: [] });
    const point = nearestPoint(page, box[1]);
    /** @type {Field} */
    const field = {
      id: freeId(point, "ny_plats"),
      label: "Ny plats",
      kind: "text",
      required: true,
      page,
      box: within(box, page),
      cells: 0,
      prompt: "",
      pattern: "",
      min: null,
      max: null,
      max_ticked: 1,
      name_field: "",
      doubted: false,
      parts: [],
      options: [],
      keep_empty: [],
      side: "own",
      key: nextKey++,
    };
    point.fields.push(field);
    selected = field.key ?? 0;
    option = -1;
    return field;
  }

  function remove() {
    const field = fieldOf(selected),
      point = pointOf(field);
    if (!field || !point) return;
    change(() => {
      if (option >= 0) {
        field.options.splice(option, 1);
        option = -1;
        return;
      }
      const at = point.fields.indexOf(field);
      point.fields.splice(at, 1);
      selected = (point.fields[at] ?? point.fields[at - 1])?.key ?? 0;
    });
    focusPlace();
  }

  function split() {
    const field = fieldOf(selected),
      point = pointOf(field);
    if (!field || !point) return say("Välj först den plats som ska delas.");
    change(() => {
      const [x, y, w, h] = field.box;
      const tall = h > w;
      field.box = within(tall ? [x, y, w, h / 2] : [x, y, w / 2, h], field.page);
      field.parts = [];
      const other = { ...field, key: nextKey++, id: freeId(point, field.id), options: [], parts: [] };
      other.box = within(tall ? [x, y + h / 2, w, h / 2] : [x + w / 2, y, w / 2, h], field.page);
      point.fields.splice(point.fields.indexOf(field) + 1, 0, other);
    });
    focusPlace();
  }

  // Boxes to tick become one choice; other places one place.
  function join() {
    const fields = marked.map(fieldOf).filter((f) => f !== undefined);
    const first = fields[0];
    if (!first || fields.length < 2 || fields.some((f) => f.page !== first.page))
      return say("Markera minst två platser på samma sida: Ctrl och klick, eller mellanslag.");
    change(() => {
      const ticks = fields.every((f) => shapeOf(f.kind) === "ticks");
      if (ticks) {
        first.options = fields.flatMap((f) =>
          f.options.length ? f.options : [{ label: f.label, box: f.box }],
        );
        first.kind = "choice";
      } else if (fields.every((f) => f.kind === first.kind && shapeOf(f.kind) === "value")) {
        first.parts = fields.flatMap((f) => (f.parts.length ? f.parts : [f.box]));
      }
      first.box = within(hull(fields.map((f) => f.box)), first.page);
      for (const field of fields.slice(1)) {
        const point = pointOf(field);
        point?.fields.splice(point.fields.indexOf(field), 1);
      }
      selected = first.key ?? 0;
      marked = [];
    });
    focusPlace();
  }

  // What is shown

  /** @param {string} text */
  const say = (text) => {
    find("[data-state]").textContent = text;
  };

  /** @param {HTMLElement} place @param {Box} box @param {number} page */
  function put(place, box, page) {
    const size = form.pages[page - 1];
    place.style.left = `${(100 * box[0]) / size.w}%`;
    place.style.top = `${(100 * box[1]) / size.h}%`;
    place.style.width = `${(100 * box[2]) / size.w}%`;
    place.style.height = `${(100 * box[3]) / size.h}%`;
  }

  /** @param {Field} field @param {number} n */
  function placeButton(field, n) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "place";
    button.dataset.key = String(field.key);
    button.dataset.option = String(n);
    const kind = /** @type {HTMLElement} */ (find(`[name=kind] option[value="${field.kind}"]`));
    const whose = field.side === "other" ? ", motpartens, ska vara tom" : "";
    button.setAttribute(
      "aria-label",
      n >= 0
        ? `${field.label}: rutan ${field.options[n].label}`
        : `${pointOf(field)?.number ?? ""} ${field.label}, ${kind.textContent}${whose}`,
    );
    button.setAttribute("aria-describedby", "editor-help");
    button.setAttribute("aria-pressed", String(marked.includes(field.key ?? 0)));
    button.classList.toggle("signed", field.kind === "signature" && field.side !== "other");
    button.classList.toggle("other", field.side === "other");
    button.classList.toggle("doubted", field.doubted);
    button.classList.toggle("option", n >= 0);
    if (field.key === selected && n === option) button.dataset.here = "";
    const verdict = outcome[`${pointOf(field)?.number}/${field.id}`];
    if (verdict) button.classList.add(verdict);
    const corner = document.createElement("span");
    corner.className = "corner";
    button.append(corner);
    put(button, boxOf(field, n), field.page);
    return button;
  }

  function showPlaces() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.closest?.(".place");
    const again =
      focused instanceof HTMLElement ? [focused.dataset.key, focused.dataset.option] : null;
    for (const sheet of root.querySelectorAll(".sheet")) {
      const page = Number(/** @type {HTMLElement} */ (sheet).dataset.page);
      for (const old of sheet.querySelectorAll(".place")) old.remove();
      for (const field of allFields().filter((f) => f.page === page)) {
        sheet.append(placeButton(field, -1));
        field.options.forEach((_, n) => sheet.append(placeButton(field, n)));
      }
    }
    // The places were drawn anew; the focus stays on the selected one, and selects nothing itself.
    if (again?.[0] === String(selected))
      /** @type {HTMLElement | null} */ (
        root.querySelector(`.place[data-key="${again[0]}"][data-option="${again[1]}"]`)
      )?.focus({ preventScroll: true });
  }

  function focusPlace() {
    const place = /** @type {HTMLElement | null} */ (
      root.querySelector(`.place[data-key="${selected}"][data-option="${option}"]`)
    );
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function showList() {
    const list = find("[data-points]");
    list.replaceChildren(
      ...form.points.map((point, p) => {
        const group = document.createElement("fieldset");
        const legend = document.createElement("legend");
        legend.textContent = `Punkt ${point.number} ${point.title}`;
        group.append(legend);
        for (const [name, label] of /** @type {const} */ ([
          ["number", "Nummer"],
          ["title", "Rubrik"],
        ])) {
          const box = document.createElement("label");
          const text = document.createElement("input");
          text.value = point[name];
          text.addEventListener("change", () =>
            change(() => {
              const before = point.number;
              point[name] = text.value.trim();
              if (name === "number") renameInRules(`${before}/`, `${point.number}/`);
            }),
          );
          box.append(`${label} `, text);
          group.append(box);
        }
        const items = document.createElement("ul");
        for (const field of point.fields) {
          const item = document.createElement("li");
          const button = document.createElement("button");
          button.type = "button";
          button.className = "quiet";
          button.textContent = field.label + (field.doubted ? " ?" : "");
          if (field.key === selected) button.setAttribute("aria-current", "true");
          button.addEventListener("click", () => {
            select(field.key ?? 0, -1);
            focusPlace();
          });
          item.append(button);
          items.append(item);
        }
        group.append(items);
        if (point.fields.length === 0) {
          const drop = document.createElement("button");
          drop.type = "button";
          drop.textContent = `Ta bort punkt ${point.number}`;
          drop.addEventListener("click", () => change(() => form.points.splice(p, 1)));
          group.append(drop);
        }
        return group;
      }),
    );
  }

  /** @param {string} from @param {string} to */
  function renameInRules(from, to) {
    const renamed = (/** @type {string} */ name) =>
      name === from || (from.endsWith("/") && name.startsWith(from)) ? to + name.slice(from.length) : name;
    for (const rule of form.rules) {
      rule.fields = rule.fields.map(renamed);
      rule.if = renamed(rule.if);
    }
  }

  function showField() {
    const field = fieldOf(selected);
    fieldForm.hidden = !field;
    /** @type {HTMLElement} */ (find("[data-none]")).hidden = field !== undefined;
    if (!field) return;
    const shape = shapeOf(field.kind);
    const hide = (/** @type {string} */ what, /** @type {boolean} */ hidden) => {
      for (const element of fieldForm.querySelectorAll(what))
        /** @type {HTMLElement} */ (element).hidden = hidden;
    };
    hide("[data-side]", shape !== "signature");
    hide("[data-own]", field.side === "other");
    hide("[data-value]", shape !== "value");
    hide("[data-number]", !["number", "amount"].includes(field.kind));
    hide("[data-options]", field.kind !== "choice");
    hide("[data-doubted], [data-doubted-button]", !field.doubted);
    const set = (/** @type {string} */ name, /** @type {unknown} */ value) => {
      const target = input(fieldForm, name);
      if (document.activeElement !== target) target.value = value === null ? "" : String(value);
    };
    for (const name of /** @type {const} */ ([
      "label", "kind", "id", "cells", "prompt", "pattern", "min", "max", "max_ticked", "page",
    ]))
      set(name, field[name]);
    set("side", field.side);
    boxOf(field, option).forEach((value, i) => set(["x", "y", "w", "h"][i], value));
    input(fieldForm, "required").checked = field.required;
    const points = /** @type {HTMLElement} */ (fieldForm.querySelector("[name=point]"));
    points.replaceChildren(
      ...form.points.map((point, p) => new Option(`${point.number} ${point.title}`, String(p))),
    );
    const at = pointOf(field);
    input(fieldForm, "point").value = String(at ? form.points.indexOf(at) : 0);
    showOptions(field);
  }

  /** @param {Field} field */
  function showOptions(field) {
    const list = /** @type {HTMLElement} */ (fieldForm.querySelector("[data-list]"));
    if (list.contains(document.activeElement)) return;
    list.replaceChildren(
      ...field.options.map((one, n) => {
        const item = document.createElement("li");
        const text = document.createElement("input");
        text.value = one.label;
        text.setAttribute("aria-label", `Text vid ruta ${n + 1}`);
        text.addEventListener("change", () => change(() => (one.label = text.value.trim())));
        item.append(text);
        return item;
      }),
    );
  }

  function showRules() {
    const words = /** @type {Record<string, string>} */ ({
      any_of: "Minst en är ifylld", required: "Behövs", equal: "Samma värde", in_order: "I ordning",
    });
    find("[data-rule-list]").replaceChildren(
      ...form.rules.map((rule, n) => {
        const item = document.createElement("li");
        const drop = document.createElement("button");
        drop.type = "button";
        drop.textContent = "Ta bort";
        drop.setAttribute("aria-label", `Ta bort regel ${n + 1}`);
        drop.addEventListener("click", () => change(() => form.rules.splice(n, 1)));
        const when = rule.if ? ` om ${rule.if}${rule.option ? ` är ${rule.option}` : " är ifylld"}` : "";
        item.append(`${words[rule.kind]}: ${rule.fields.join(", ")}${when} `, drop);
        return item;
      }),
    );
    const names = form.points.flatMap((point) =>
      point.fields
        .filter((f) => f.side !== "other")
        .map((f) => ({ text: `${point.number} ${f.label}`, value: `${point.number}/${f.id}` })),
    );
    for (const name of ["fields", "if"]) {
      const list = /** @type {HTMLSelectElement} */ (ruleForm.elements.namedItem(name));
      const kept = [...list.selectedOptions].map((o) => o.value);
      list.replaceChildren(
        ...names.map(({ text, value }) => new Option(text, value, false, kept.includes(value))),
      );
    }
  }

  function show() {
    showPlaces();
    showList();
    showField();
    showRules();
    checkSoon();
  }

  /** @param {number} key @param {number} n */
  function select(key, n) {
    selected = key;
    option = n;
    showPlaces();
    showList();
    showField();
  }

  // To and from the server

  // The other side's places belong to the nearest own signature before them.
  function definition() {
    /** @type {Field | undefined} */
    let signature = allFields().find((f) => f.kind === "signature" && f.side !== "other");
    const points = form.points.map((point) => {
      /** @type {Field[]} */
      const fields = [];
      for (const field of point.fields) {
        if (field.side !== "other") {
          const own = { ...field, keep_empty: [] };
          if (field.kind === "signature") signature = own;
          fields.push(own);
        }
      }
      return { point, fields };
    });
    const owns = points.flatMap(({ fields }) => fields).filter((f) => f.kind === "signature");
    for (const { point, fields } of points)
      for (const other of point.fields.filter((f) => f.side === "other")) {
        const owner = fields.find((f) => f.kind === "signature") ?? owns[0];
        owner?.keep_empty.push({ page: other.page, box: other.box });
      }
    return JSON.stringify({
      title: form.title,
      withdrawn: form.withdrawn,
      rules: form.rules,
      points: points.map(({ point, fields }) => ({
        number: point.number,
        title: point.title,
        fields: fields.map(({ key, side, ...field }) => field),
      })),
    });
  }

  /** @param {string} what @param {Record<string, string | Blob>} more */
  async function send(what, more = {}) {
    const body = new FormData();
    body.set("csrf", csrf);
    body.set("formular", definition());
    for (const [name, value] of Object.entries(more)) body.append(name, value);
    const answer = await fetch(`${path}/${what}`, { method: "POST", body });
    const type = answer.headers.get("content-type") ?? "";
    if (!type.startsWith("application/json"))
      throw new Error("Servern tog inte emot det. Är du fortfarande inloggad?");
    return { ok: answer.ok, said: await answer.json() };
  }

  /** @param {{ punkt: string, falt: string, text: string, hindrar: boolean }[]} faults */
  function showFaults(faults) {
    find("[data-faults]").replaceChildren(
      ...faults.map((fault) => {
        const item = document.createElement("li");
        item.className = `card ${fault.hindrar ? "error" : "review"}`;
        const target = form.points
          .find((p) => p.number === fault.punkt)
          ?.fields.find((f) => f.id === fault.falt);
        if (target) {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "quiet";
          button.textContent = fault.text;
          button.addEventListener("click", () => {
            select(target.key ?? 0, -1);
            focusPlace();
          });
          item.append(button);
        } else item.textContent = fault.text;
        return item;
      }),
    );
    const doubted = allFields().filter((f) => f.doubted).length;
    const parts = [faults.length === 0 ? "Inget fel hittades." : `${faults.length} att se över.`];
    if (doubted) parts.push(`${doubted} platser är osäkra i utkastet.`);
    find("[data-checked]").textContent = parts.join(" ");
  }

  let waiting = 0;
  function checkSoon() {
    clearTimeout(waiting);
    const wait = ++checks;
    waiting = window.setTimeout(async () => {
      try {
        const { said } = await send("kontroll");
        if (wait === checks && said.brister) showFaults(said.brister);
      } catch (error) {
        find("[data-checked]").textContent = String(error instanceof Error ? error.message : error);
      }
    }, 500);
  }
  let checks = 0;

  async function save() {
    say("Sparar …");
    try {
      const kravs = headForm.elements.namedItem("kravs");
      const { ok, said } = await send("spara", {
        kravs: kravs instanceof HTMLSelectElement ? kravs.value : "",
      });
      if (ok) {
        saved = true;
        return location.assign(said.till);
      }
      if (said.brister) showFaults(said.brister);
      say(said.fel ?? "Formuläret är inte sparat: se vad som ska rättas under ”Att se över”.");
    } catch (error) {
      say(`Formuläret är inte sparat. ${error instanceof Error ? error.message : error}`);
    }
  }

  /** @param {File} file */
  async function tryOn(file) {
    const status = find("[data-tried]");
    status.textContent = "Kontrollerar …";
    try {
      const { ok, said } = await send("prova", { skanning: file });
      if (said.brister) showFaults(said.brister);
      if (!ok) {
        status.textContent = said.fel ?? "Rätta först det som står under ”Att se över”.";
        return;
      }
      outcome = {};
      const rows = find("[data-outcome] tbody");
      rows.replaceChildren(
        ...said.falt.map((/** @type {Record<string, string>} */ f) => {
          outcome[`${f.punkt}/${f.falt}`] = f.omdome;
          const row = document.createElement("tr");
          const label = form.points
            .find((p) => p.number === f.punkt)
            ?.fields.find((one) => one.id === f.falt)?.label;
          for (const text of [`${f.punkt} ${label ?? f.falt}`, f.omdome_text, f.varde || f.text]) {
            const cell = document.createElement("td");
            cell.textContent = text;
            row.append(cell);
          }
          return row;
        }),
      );
      /** @type {HTMLElement} */ (find("[data-outcome]")).hidden = false;
      status.textContent = [`Omdöme: ${said.omdome_text}.`, ...said.iakttagelser].join(" ");
      showPlaces();
    } catch (error) {
      status.textContent = String(error instanceof Error ? error.message : error);
    }
  }

  // By mouse

  /** @type {{ field: Field, n: number, from: [number, number], box: Box, corner: boolean, moved: boolean, fresh: boolean } | null} */
  let drag = null;
  /** @param {PointerEvent} event @param {Element} sheet @returns {[number, number]} */
  function pointAt(event, sheet) {
    const frame = sheet.getBoundingClientRect(),
      size = form.pages[Number(/** @type {HTMLElement} */ (sheet).dataset.page) - 1];
    return [
      ((event.clientX - frame.left) * size.w) / frame.width,
      ((event.clientY - frame.top) * size.h) / frame.height,
    ];
  }
  sheets.addEventListener("pointerdown", (event) => {
    const target = /** @type {Element} */ (event.target),
      sheet = target.closest(".sheet");
    if (!sheet || event.button !== 0) return;
    const at = pointAt(event, sheet),
      place = /** @type {HTMLElement | null} */ (target.closest(".place"));
    if (place) {
      const field = fieldOf(Number(place.dataset.key)),
        n = Number(place.dataset.option);
      if (!field) return;
      if (event.ctrlKey || event.metaKey) return mark(field.key ?? 0);
      select(field.key ?? 0, n);
      const corner = target.closest(".corner") !== null;
      drag = { field, n, from: at, box: [...boxOf(field, n)], corner, moved: false, fresh: false };
    } else {
      const page = Number(/** @type {HTMLElement} */ (sheet).dataset.page);
      drag = {
        field: /** @type {Field} */ (/** @type {unknown} */ ({ page })),
        n: -1, from: at, box: [at[0], at[1], 0, 0], corner: true, moved: false, fresh: true,
      };
    }
    sheets.setPointerCapture(event.pointerId);
    event.preventDefault();
    focusPlace();
  });
  sheets.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const sheet = root.querySelector(`.sheet[data-page="${drag.field.page}"]`);
    if (!sheet) return;
    const at = pointAt(event, sheet),
      dx = at[0] - drag.from[0],
      dy = at[1] - drag.from[1];
    if (!drag.moved && Math.hypot(dx, dy) < 3) return;
    if (!drag.moved) {
      remember();
      drag.moved = true;
      if (drag.fresh) drag.field = addField(drag.field.page, [...drag.from, 4, 4]);
    }
    const [x, y, w, h] = drag.box;
    moveTo(
      drag.field, drag.n,
      drag.corner ? [x, y, Math.max(4, w + dx), Math.max(4, h + dy)] : [x + dx, y + dy, w, h],
    );
    showPlaces();
    showField();
  });
  sheets.addEventListener("pointerup", () => {
    const ended = drag;
    drag = null;
    if (!ended?.moved) return;
    show();
    focusPlace();
    if (ended.fresh) input(fieldForm, "label").select();
  });
  sheets.addEventListener("pointercancel", () => (drag = null));

  /** @param {number} key */
  function mark(key) {
    marked = marked.includes(key) ? marked.filter((k) => k !== key) : [...marked, key];
    say(marked.length ? `${marked.length} platser är markerade.` : "");
    showPlaces();
  }

  // By keyboard

  const kArrows = /** @type {Record<string, [number, number]>} */ ({
    ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  });
  sheets.addEventListener("keydown", (event) => {
    const place = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest(".place")
    );
    const field = place ? fieldOf(Number(place.dataset.key)) : undefined;
    if (!place || !field) return;
    const n = Number(place.dataset.option),
      arrow = kArrows[event.key];
    if (arrow) {
      const step = event.shiftKey ? 10 : 1,
        [x, y, w, h] = boxOf(field, n);
      selected = field.key ?? 0;
      option = n;
      change(() =>
        moveTo(
          field, n,
          event.altKey
            ? [x, y, w + step * arrow[0], h + step * arrow[1]]
            : [x + step * arrow[0], y + step * arrow[1], w, h],
        ),
      );
    } else if (event.key === "Delete") {
      select(field.key ?? 0, n);
      remove();
    } else if (event.key === " ") mark(field.key ?? 0);
    else if (event.key === "Enter") {
      select(field.key ?? 0, n);
      input(fieldForm, "label").select();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  sheets.addEventListener("focusin", (event) => {
    const place = /** @type {Element} */ (event.target).closest(".place");
    if (!(place instanceof HTMLElement) || drag) return;
    const key = Number(place.dataset.key),
      n = Number(place.dataset.option);
    if (key === selected && n === option) return;
    for (const other of root.querySelectorAll(".place[data-here]")) other.removeAttribute("data-here");
    place.dataset.here = "";
    selected = key;
    option = n;
    showList();
    showField();
  });
  document.addEventListener("keydown", (event) => {
    const writing = document.activeElement?.matches("input, textarea, select");
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !writing) {
      undo();
      event.preventDefault();
    } else if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      void save();
    }
  });

  // By the fields beside

  fieldForm.addEventListener("submit", (event) => event.preventDefault());
  fieldForm.addEventListener("change", (event) => {
    const target = /** @type {HTMLInputElement} */ (event.target),
      field = fieldOf(selected),
      point = pointOf(field);
    if (!field || !point || !target.name) return;
    change(() => {
      const value = target.value.trim();
      switch (target.name) {
        case "label":
          if (/^ny_plats(_\d+)?$/.test(field.id)) {
            const before = `${point.number}/${field.id}`;
            field.id = freeId(point, idFrom(value));
            renameInRules(before, `${point.number}/${field.id}`);
          }
          field.label = value;
          field.doubted = false;
          break;
        case "kind":
          field.kind = value;
          field.doubted = false;
          if (value === "choice" && field.options.length === 0)
            field.options = [{ label: "Ja", box: [...field.box] }];
          if (value !== "choice") field.options = [];
          if (value !== "signature") field.side = "own";
          break;
        case "id":
          renameInRules(`${point.number}/${field.id}`, `${point.number}/${value}`);
          field.id = value;
          break;
        case "side": field.side = value; break;
        case "prompt": field.prompt = value; break;
        case "pattern": field.pattern = value; break;
        case "required": field.required = target.checked; break;
        case "cells": field.cells = Number(value) || 0; break;
        case "max_ticked": field.max_ticked = Math.max(1, Number(value) || 1); break;
        case "min": field.min = value === "" ? null : Number(value); break;
        case "max": field.max = value === "" ? null : Number(value); break;
        case "page":
          field.page = Math.min(Math.max(1, Math.round(Number(value) || 1)), form.pages.length);
          field.box = within(field.box, field.page);
          break;
        case "point": {
          const to = form.points[Number(value)];
          const before = `${point.number}/${field.id}`;
          point.fields.splice(point.fields.indexOf(field), 1);
          field.id = freeId(to, field.id);
          to.fields.push(field);
          renameInRules(before, `${to.number}/${field.id}`);
          break;
        }
        default: {
          const at = ["x", "y", "w", "h"].indexOf(target.name);
          if (at < 0) break;
          /** @type {Box} */
          const box = [...boxOf(field, option)];
          box[at] = Number(value) || 0;
          moveTo(field, option, box);
        }
      }
    });
  });
  headForm.addEventListener("submit", (event) => event.preventDefault());
  headForm.addEventListener("change", () =>
    change(() => {
      form.title = input(headForm, "title").value.trim();
      form.withdrawn = input(headForm, "withdrawn").checked;
    }),
  );
  tryForm.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = input(tryForm, "skanning").files?.[0];
    if (file) void tryOn(file);
    else find("[data-tried]").textContent = "Välj först en skannad blankett.";
  });
  ruleForm.addEventListener("change", () => {
    const needs = input(ruleForm, "kind").value !== "required";
    for (const label of ruleForm.querySelectorAll("[data-if]"))
      /** @type {HTMLElement} */ (label).hidden = needs;
  });
  ruleForm.addEventListener("submit", (event) => {
    event.preventDefault();
    const list = /** @type {HTMLSelectElement} */ (ruleForm.elements.namedItem("fields"));
    const kind = input(ruleForm, "kind").value,
      fields = [...list.selectedOptions].map((o) => o.value);
    if (fields.length < (kind === "required" ? 1 : 2))
      return say("Välj platserna som regeln gäller, minst två utom när en plats behövs om en annan är ifylld.");
    change(() =>
      form.rules.push({
        kind,
        fields,
        if: kind === "required" ? input(ruleForm, "if").value : "",
        option: kind === "required" ? input(ruleForm, "option").value.trim() : "",
        count: 1,
      }),
    );
  });

  let zoom = 1;
  /** @param {number} by */
  function zoomBy(by) {
    zoom = Math.min(4, Math.max(0.5, zoom * by));
    sheets.style.setProperty("--zoom", String(zoom));
  }
  const kDeeds = /** @type {Record<string, () => void>} */ ({
    "zoom-in": () => zoomBy(1.25),
    "zoom-out": () => zoomBy(0.8),
    undo,
    remove,
    split,
    join,
    save: () => void save(),
    looked: () =>
      change(() => {
        const field = fieldOf(selected);
        if (field) field.doubted = false;
      }),
    add: () => {
      const near = fieldOf(selected);
      change(() =>
        addField(near?.page ?? 1, near
          ? [near.box[0], near.box[1] + near.box[3] + 6, near.box[2], near.box[3]]
          : [72, 72, 200, 24]),
      );
      focusPlace();
    },
    point: () =>
      change(() => {
        form.points.push({ number: String(form.points.length + 1), title: "", fields: [] });
      }),
    option: () =>
      change(() => {
        const field = fieldOf(selected);
        const last = field?.options.at(-1)?.box;
        if (field && last)
          field.options.push({
            label: `Ruta ${field.options.length + 1}`,
            box: within([last[0] + last[2] + 30, last[1], last[2], last[3]], field.page),
          });
      }),
  });
  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-do]");
    if (button instanceof HTMLElement) kDeeds[button.dataset.do ?? ""]?.();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!saved) event.preventDefault();
  });

  input(headForm, "title").value = form.title;
  input(headForm, "withdrawn").checked = form.withdrawn;
  show();
})();
