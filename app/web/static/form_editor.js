// @ts-check
// The form editor: the places over the blank's pages (form_places.js) are described beside them,
// checked by the server as they change, tried on a scan, and saved.
import { FormModel, boxOf } from "./form_model.js";
import { FormPlaces } from "./form_places.js";

(() => {
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

  /** @param {string} kind */
  const shapeOf = (kind) =>
    /** @type {HTMLElement} */ (find(`[data-field] [name=kind] option[value="${kind}"]`)).dataset
      .shape;

  const model = new FormModel(JSON.parse(root.dataset.definition ?? "{}"), shapeOf);
  const places = new FormPlaces(sheets, model, {
    selected: () => select(model.selected, model.option),
    focused: () => {
      showList();
      showField();
    },
    moving: () => {
      places.show();
      showField();
    },
    changed: () => show(),
    describe: () => input(fieldForm, "label").select(),
    say: (text) => say(text),
    kindName: (kind) =>
      find(`[data-field] [name=kind] option[value="${kind}"]`).textContent ?? kind,
  });

  // Changes

  /** @param {() => void} how */
  function change(how) {
    model.remember();
    how();
    show();
  }
  function undo() {
    model.undo();
    show();
  }
  function remove() {
    if (!model.selectedField()) return;
    change(() => model.remove());
    places.focusSelected();
  }
  function split() {
    if (!model.selectedField()) return say("Välj först den plats som ska delas.");
    change(() => model.split());
    places.focusSelected();
  }
  function join() {
    if (model.joinable().length === 0)
      return say("Markera minst två platser på samma sida: Ctrl och klick, eller mellanslag.");
    change(() => model.join());
    places.focusSelected();
  }

  // What is shown

  /** @param {string} text */
  const say = (text) => {
    find("[data-state]").textContent = text;
  };

  function showList() {
    const list = find("[data-points]");
    list.replaceChildren(
      ...model.form.points.map((point, p) => {
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
              if (name === "number") model.renameInRules(`${before}/`, `${point.number}/`);
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
          if (field.key === model.selected) button.setAttribute("aria-current", "true");
          button.addEventListener("click", () => {
            select(field.key ?? 0, -1);
            places.focusSelected();
          });
          item.append(button);
          items.append(item);
        }
        group.append(items);
        if (point.fields.length === 0) {
          const drop = document.createElement("button");
          drop.type = "button";
          drop.textContent = `Ta bort punkt ${point.number}`;
          drop.addEventListener("click", () => change(() => model.form.points.splice(p, 1)));
          group.append(drop);
        }
        return group;
      }),
    );
  }

  function showField() {
    const field = model.selectedField();
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
    boxOf(field, model.option).forEach((value, i) => set(["x", "y", "w", "h"][i], value));
    input(fieldForm, "required").checked = field.required;
    const points = /** @type {HTMLElement} */ (fieldForm.querySelector("[name=point]"));
    points.replaceChildren(
      ...model.form.points.map((point, p) => new Option(`${point.number} ${point.title}`, String(p))),
    );
    const at = model.pointOf(field);
    input(fieldForm, "point").value = String(at ? model.form.points.indexOf(at) : 0);
    showOptions(field);
  }

  /** @param {import("./form_model.js").Field} field */
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
      ...model.form.rules.map((rule, n) => {
        const item = document.createElement("li");
        const drop = document.createElement("button");
        drop.type = "button";
        drop.textContent = "Ta bort";
        drop.setAttribute("aria-label", `Ta bort regel ${n + 1}`);
        drop.addEventListener("click", () => change(() => model.form.rules.splice(n, 1)));
        const when = rule.if ? ` om ${rule.if}${rule.option ? ` är ${rule.option}` : " är ifylld"}` : "";
        item.append(`${words[rule.kind]}: ${rule.fields.join(", ")}${when} `, drop);
        return item;
      }),
    );
    const names = model.form.points.flatMap((point) =>
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
    /** @type {HTMLButtonElement} */ (find("[data-do=undo]")).disabled = !model.canUndo();
    places.show();
    showList();
    showField();
    showRules();
    checkSoon();
  }

  /** @param {number} key @param {number} n */
  function select(key, n) {
    model.selected = key;
    model.option = n;
    places.show();
    showList();
    showField();
  }

  // To and from the server

  /** @param {string} what @param {Record<string, string | Blob>} more */
  async function send(what, more = {}) {
    const body = new FormData();
    body.set("csrf", csrf);
    body.set("formular", model.definition());
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
        const target = model.form.points
          .find((p) => p.number === fault.punkt)
          ?.fields.find((f) => f.id === fault.falt);
        if (target) {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "quiet";
          button.textContent = fault.text;
          button.addEventListener("click", () => {
            select(target.key ?? 0, -1);
            places.focusSelected();
          });
          item.append(button);
        } else item.textContent = fault.text;
        return item;
      }),
    );
    const doubted = model.allFields().filter((f) => f.doubted).length;
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
        model.saved = true;
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
      places.outcome = {};
      const rows = find("[data-outcome] tbody");
      rows.replaceChildren(
        ...said.falt.map((/** @type {Record<string, string>} */ f) => {
          places.outcome[`${f.punkt}/${f.falt}`] = f.omdome;
          const row = document.createElement("tr");
          const label = model.form.points
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
      places.show();
    } catch (error) {
      status.textContent = String(error instanceof Error ? error.message : error);
    }
  }

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
      field = model.selectedField();
    if (!field || !target.name) return;
    change(() => {
      const value = target.value.trim();
      switch (target.name) {
        case "label": model.setLabel(field, value); break;
        case "kind": model.setKind(field, value); break;
        case "id": model.setId(field, value); break;
        case "point": model.setPoint(field, model.form.points[Number(value)]); break;
        case "side": field.side = value; break;
        case "prompt": field.prompt = value; break;
        case "pattern": field.pattern = value; break;
        case "required": field.required = target.checked; break;
        case "cells": field.cells = Number(value) || 0; break;
        case "max_ticked": field.max_ticked = Math.max(1, Number(value) || 1); break;
        case "min": field.min = value === "" ? null : Number(value); break;
        case "max": field.max = value === "" ? null : Number(value); break;
        case "page":
          field.page = Math.min(Math.max(1, Math.round(Number(value) || 1)), model.form.pages.length);
          field.box = model.within(field.box, field.page);
          break;
        default: {
          const at = ["x", "y", "w", "h"].indexOf(target.name);
          if (at < 0) break;
          const box = /** @type {import("./form_model.js").Box} */ ([...boxOf(field, model.option)]);
          box[at] = Number(value) || 0;
          model.moveTo(field, model.option, box);
        }
      }
    });
  });
  headForm.addEventListener("submit", (event) => event.preventDefault());
  headForm.addEventListener("change", () =>
    change(() => {
      model.form.title = input(headForm, "title").value.trim();
      model.form.withdrawn = input(headForm, "withdrawn").checked;
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
      model.form.rules.push({
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
        const field = model.selectedField();
        if (field) field.doubted = false;
      }),
    add: () => {
      const near = model.selectedField();
      change(() =>
        model.addField(near?.page ?? 1, near
          ? [near.box[0], near.box[1] + near.box[3] + 6, near.box[2], near.box[3]]
          : [72, 72, 200, 24]),
      );
      places.focusSelected();
    },
    point: () =>
      change(() => {
        model.form.points.push({ number: String(model.form.points.length + 1), title: "", fields: [] });
      }),
    option: () =>
      change(() => {
        const field = model.selectedField();
        const last = field?.options.at(-1)?.box;
        if (field && last)
          field.options.push({
            label: `Ruta ${field.options.length + 1}`,
            box: model.within([last[0] + last[2] + 30, last[1], last[2], last[3]], field.page),
          });
      }),
  });
  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-do]");
    if (button instanceof HTMLElement) kDeeds[button.dataset.do ?? ""]?.();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!model.saved) event.preventDefault();
  });

  input(headForm, "title").value = model.form.title;
  input(headForm, "withdrawn").checked = model.form.withdrawn;
  show();
})();
