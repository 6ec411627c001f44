// @ts-check
// The form that is edited, what of it is selected, and the changes that can be made to it: data
// alone, nothing of the page that shows it.

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

/** @param {number} n */
const tenth = (n) => Math.round(10 * n) / 10;

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

/** The box that is moved: an option's, or the field's. @param {Field} field @param {number} n */
export const boxOf = (field, n) => (n >= 0 ? field.options[n].box : field.box);

export class FormModel {
  static #kMostPast = 200;
  #nextKey = 1;
  /** @type {string[]} */
  #past = [];
  /** @type {(kind: string) => string | undefined} */
  #shapeOf;

  /** @type {Form} */
  form;
  selected = 0; // key of a field; 0: none
  option = -1; // number of its option that is meant; -1: the field itself
  /** @type {number[]} */
  marked = []; // keys, in the order in which they were marked
  saved = true;

  /** @param {Form} form @param {(kind: string) => string | undefined} shapeOf */
  constructor(form, shapeOf) {
    this.form = form;
    this.#shapeOf = shapeOf;
    // The other side's places are places of their own here.
    for (const point of form.points)
      point.fields = point.fields.flatMap((field) => {
        const own = { ...field, side: "own", key: this.#nextKey++, keep_empty: [] };
        const others = field.keep_empty.map((place) => ({
          ...field,
          ...place,
          id: `${field.id}_motpart`,
          side: "other",
          required: false,
          doubted: false,
          keep_empty: [],
          key: this.#nextKey++,
        }));
        return [own, ...others];
      });
  }

  allFields() {
    return this.form.points.flatMap((point) => point.fields);
  }
  /** @param {number | undefined} key */
  fieldOf(key) {
    return this.allFields().find((field) => field.key === key);
  }
  selectedField() {
    return this.fieldOf(this.selected);
  }
  /** @param {Field | undefined} field */
  pointOf(field) {
    return this.form.points.find((point) => field && point.fields.includes(field));
  }

  /** @param {Box} box @param {number} page @returns {Box} */
  within(box, page) {
    const size = this.form.pages[page - 1];
    const w = Math.min(Math.max(4, box[2]), size.w),
      h = Math.min(Math.max(4, box[3]), size.h);
    return [
      tenth(Math.min(Math.max(0, box[0]), size.w - w)),
      tenth(Math.min(Math.max(0, box[1]), size.h - h)),
      tenth(w),
      tenth(h),
    ];
  }

  /** @param {Field} field @param {number} n @param {Box} to */
  moveTo(field, n, to) {
    const box = this.within(to, field.page);
    if (n >= 0) {
      field.options[n].box = box;
      field.box = this.within(hull(field.options.map((o) => o.box)), field.page);
      return;
    }
    const dx = box[0] - field.box[0],
      dy = box[1] - field.box[1];
    for (const other of field.options) {
      const [x, y, w, h] = other.box;
      other.box = this.within([x + dx, y + dy, w, h], field.page);
    }
    const resized = box[2] !== field.box[2] || box[3] !== field.box[3];
    field.parts = resized
      ? []
      : field.parts.map((p) => [tenth(p[0] + dx), tenth(p[1] + dy), p[2], p[3]]);
    field.box = box;
  }

  // Changes. Whoever makes one calls remember() first.

  remember() {
    this.#past.push(JSON.stringify(this.form));
    if (this.#past.length > FormModel.#kMostPast) this.#past.shift();
    this.saved = false;
  }
  canUndo() {
    return this.#past.length > 0;
  }
  undo() {
    const before = this.#past.pop();
    if (!before) return;
    this.form = JSON.parse(before);
    if (!this.selectedField()) this.selected = 0;
  }

  /** @param {number} page @param {Box} box */
  addField(page, box) {
    if (this.form.points.length === 0)
      this.form.points.push({ number: "1", title: "", fields: [] });
    const point = this.#nearestPoint(page, box[1]);
    /** @type {Field} */
    const field = {
      id: freeId(point, "ny_plats"),
      label: "Ny plats",
      kind: "text",
      required: true,
      page,
      box: this.within(box, page),
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
      key: this.#nextKey++,
    };
    point.fields.push(field);
    this.selected = field.key ?? 0;
    this.option = -1;
    return field;
  }

  /** The point whose places stand nearest above. @param {number} page @param {number} y */
  #nearestPoint(page, y) {
    let best = this.form.points[0];
    for (const point of this.form.points)
      if (point.fields.some((f) => f.page < page || (f.page === page && f.box[1] <= y)))
        best = point;
    return best;
  }

  // The selected option, or the field; then its neighbour is selected.
  remove() {
    const field = this.selectedField(),
      point = this.pointOf(field);
    if (!field || !point) return;
    if (this.option >= 0) {
      field.options.splice(this.option, 1);
      this.option = -1;
      return;
    }
    const at = point.fields.indexOf(field);
    point.fields.splice(at, 1);
    this.selected = (point.fields[at] ?? point.fields[at - 1])?.key ?? 0;
  }

  // The selected field, across its longer side.
  split() {
    const field = this.selectedField(),
      point = this.pointOf(field);
    if (!field || !point) return;
    const [x, y, w, h] = field.box;
    const tall = h > w;
    field.box = this.within(tall ? [x, y, w, h / 2] : [x, y, w / 2, h], field.page);
    field.parts = [];
    const other = {
      ...field,
      key: this.#nextKey++,
      id: freeId(point, field.id),
      options: [],
      parts: [],
    };
    other.box = this.within(
      tall ? [x, y + h / 2, w, h / 2] : [x + w / 2, y, w / 2, h],
      field.page,
    );
    point.fields.splice(point.fields.indexOf(field) + 1, 0, other);
  }

  // The marked fields; none unless they are two at least, on one page.
  joinable() {
    const fields = this.marked.map((key) => this.fieldOf(key)).filter((f) => f !== undefined);
    const onePage = fields.every((f) => f.page === fields[0].page);
    return fields.length > 1 && onePage ? fields : [];
  }

  // Boxes to tick become one choice; other places one place.
  join() {
    const [first, ...rest] = this.joinable();
    if (!first) return;
    const fields = [first, ...rest];
    if (fields.every((f) => this.#shapeOf(f.kind) === "ticks")) {
      first.options = fields.flatMap((f) =>
        f.options.length ? f.options : [{ label: f.label, box: f.box }],
      );
      first.kind = "choice";
    } else if (fields.every((f) => f.kind === first.kind && this.#shapeOf(f.kind) === "value")) {
      first.parts = fields.flatMap((f) => (f.parts.length ? f.parts : [f.box]));
    }
    first.box = this.within(hull(fields.map((f) => f.box)), first.page);
    for (const field of rest) {
      const point = this.pointOf(field);
      point?.fields.splice(point.fields.indexOf(field), 1);
    }
    this.selected = first.key ?? 0;
    this.marked = [];
  }

  // A new place's id follows its first label.
  /** @param {Field} field @param {string} label */
  setLabel(field, label) {
    const point = this.pointOf(field);
    if (point && /^ny_plats(_\d+)?$/.test(field.id)) this.setId(field, freeId(point, idFrom(label)));
    field.label = label;
    field.doubted = false;
  }
  /** @param {Field} field @param {string} id */
  setId(field, id) {
    const point = this.pointOf(field);
    this.renameInRules(`${point?.number}/${field.id}`, `${point?.number}/${id}`);
    field.id = id;
  }
  /** @param {Field} field @param {string} kind */
  setKind(field, kind) {
    field.kind = kind;
    field.doubted = false;
    if (kind !== "choice") field.options = [];
    else if (field.options.length === 0) field.options = [{ label: "Ja", box: [...field.box] }];
    if (kind !== "signature") field.side = "own";
  }
  /** @param {Field} field @param {Point} to */
  setPoint(field, to) {
    const from = this.pointOf(field);
    if (!from) return;
    const before = `${from.number}/${field.id}`;
    from.fields.splice(from.fields.indexOf(field), 1);
    field.id = freeId(to, field.id);
    to.fields.push(field);
    this.renameInRules(before, `${to.number}/${field.id}`);
  }

  /** A field's name, or all of a point's ("15/"). @param {string} from @param {string} to */
  renameInRules(from, to) {
    const renamed = (/** @type {string} */ name) =>
      name === from || (from.endsWith("/") && name.startsWith(from))
        ? to + name.slice(from.length)
        : name;
    for (const rule of this.form.rules) {
      rule.fields = rule.fields.map(renamed);
      rule.if = renamed(rule.if);
    }
  }

  // As the server reads it. The other side's places belong to a signature of their point, else to
  // the form's first.
  definition() {
    const points = this.form.points.map((point) => ({
      point,
      fields: point.fields
        .filter((field) => field.side !== "other")
        .map((field) => ({ ...field, keep_empty: [...field.keep_empty] })),
    }));
    const first = points.flatMap(({ fields }) => fields).find((f) => f.kind === "signature");
    for (const { point, fields } of points)
      for (const other of point.fields.filter((f) => f.side === "other")) {
        const owner = fields.find((f) => f.kind === "signature") ?? first;
        owner?.keep_empty.push({ page: other.page, box: other.box });
      }
    return JSON.stringify({
      title: this.form.title,
      withdrawn: this.form.withdrawn,
      rules: this.form.rules,
      points: points.map(({ point, fields }) => ({
        number: point.number,
        title: point.title,
        fields: fields.map(({ key, side, ...field }) => field),
      })),
    });
  }
}
