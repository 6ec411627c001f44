// @ts-check
// Dropping files, their sizes, and progress. Without this script the form is sent as it is.
"use strict";

(() => {
  const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-most-bytes]"));
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  const drop = /** @type {HTMLElement} */ (form.querySelector(".drop"));
  const list = /** @type {HTMLElement} */ (form.querySelector("[data-files]"));
  const status = /** @type {HTMLElement} */ (form.querySelector("[data-status]"));
  const progress = /** @type {HTMLProgressElement} */ (form.querySelector("progress"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const most = Number(form.dataset.mostBytes);

  const megabytes = (/** @type {number} */ bytes) =>
    `${(bytes / 2 ** 20).toLocaleString("sv-SE", { maximumFractionDigits: 1 })} MB`;
  const total = () => [...(input.files ?? [])].reduce((sum, file) => sum + file.size, 0);

  function show() {
    list.replaceChildren(
      ...[...(input.files ?? [])].map((file) => {
        const line = document.createElement("li");
        line.textContent = `${file.name}, ${megabytes(file.size)}`;
        return line;
      }),
    );
    status.textContent =
      total() > most
        ? `Filerna är ${megabytes(total())} tillsammans; gränsen är ${megabytes(most)}.`
        : "";
  }
  input.addEventListener("change", show);

  for (const hint of form.querySelectorAll("[data-drop-hint]")) hint.removeAttribute("hidden");
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer?.files.length) input.files = event.dataTransfer.files;
    show();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (total() > most) return;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    progress.hidden = false;
    button.disabled = true;
    request.upload.addEventListener("progress", (e) => {
      if (e.lengthComputable) progress.value = (100 * e.loaded) / e.total;
      status.textContent = e.loaded < e.total ? `${Math.round(progress.value)} %` : "Tas emot …";
    });
    request.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const trouble = page.querySelector("[role=alert]");
      if (request.status < 400 && !trouble) return location.assign(request.responseURL);
      status.textContent =
        trouble?.textContent ??
        page.querySelector("main p")?.textContent ??
        "Servern tog inte emot filerna.";
      button.disabled = false;
      progress.hidden = true;
    });
    request.addEventListener("error", () => {
      status.textContent = "Servern svarar inte, eller avbröt uppladdningen. Försök igen.";
      button.disabled = false;
      progress.hidden = true;
    });
    request.send(new FormData(form));
  });
})();
