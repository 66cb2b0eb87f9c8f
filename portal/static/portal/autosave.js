// A section of an application: saved while it is typed, and only those questions shown that are asked.
// Without this script every question is shown with its condition, and the buttons save.
"use strict";

const SECONDS = 3;

function watch(form) {
  const line = form.querySelector("[data-saved]");
  let timer = null;
  let changed = false;
  let stopped = false;

  async function save() {
    clearTimeout(timer);
    timer = null;
    if (!changed || stopped || form.dataset.sent) return;
    changed = false;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        keepalive: true,
        headers: { Accept: "application/json" },
      });
      if (answer.redirected) return fail(line.dataset.ended); // to the sign-in
      const told = await answer.json();
      if (answer.ok) form.elements.seen.value = told.seen;
      if (answer.ok && !changed) form.dispatchEvent(new Event("saved", { bubbles: true }));
      stopped = answer.status === 409; // both versions are shown when the form is sent
      line.textContent = told.text;
      line.classList.toggle("error-text", !answer.ok);
    } catch {
      fail(line.dataset.failed);
    }
  }

  function fail(text) {
    changed = true;
    line.textContent = text;
    line.classList.add("error-text");
  }

  form.addEventListener("input", () => {
    changed = true;
    timer ??= setTimeout(save, SECONDS * 1000);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  window.addEventListener("pagehide", save);
}

function given(form, name) {
  return [...form.querySelectorAll(`[name="${name}"]:checked`)]
    .filter((input) => !input.closest(".conditional[hidden]"))
    .map((input) => input.value);
}

// Each condition of data-when is "question=answer,answer", apart by "&"; all must hold.
function ask(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split("&").every((condition) => {
      const [name, values] = condition.split("=");
      return given(form, name).some((value) => values.split(",").includes(value));
    });
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  form.classList.add("scripted");
  form.addEventListener("change", () => ask(form));
  ask(form);
  watch(form);
}
