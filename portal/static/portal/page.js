// Small helps on top of pages that work without any script.
"use strict";

// A form is sent once: a second press while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What has been typed is not carried over to the page in another language: the browser asks before leaving.
const typed = new Set();
let changesLanguage = false;
document.addEventListener("input", ({ target }) => {
  if (target.form?.method === "post") typed.add(target.form);
});
document.addEventListener("saved", ({ target }) => typed.delete(target));
document.addEventListener("submit", ({ target }) => {
  changesLanguage = target.matches(".languages form");
});
window.addEventListener("beforeunload", (event) => {
  if (!changesLanguage || ![...typed].some((form) => form.isConnected)) return;
  event.preventDefault();
  changesLanguage = false;
  delete document.querySelector(".languages form").dataset.sent; // who stays may press again
});

// A part of the page that follows its order: [data-live] holds the seconds between two looks.
async function follow(part) {
  if (!part.isConnected) return null;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return part;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (!fresh || fresh.isEqualNode(part)) return fresh ? part : null;
  const held = part.contains(document.activeElement) ? document.activeElement : null;
  if (held?.matches("input, textarea, select")) return part;
  const before = part.querySelector("[role=status]")?.textContent;
  part.replaceWith(document.adoptNode(fresh));
  if (held) (twin(held, fresh) || document.getElementById("main")).focus({ preventScroll: true });
  const after = fresh.querySelector("[role=status]")?.textContent;
  if (after && after !== before) announcer.textContent = after.trim();
  return fresh;
}

// Who stands on a link or a button goes on from the same one, or else from the start of the content.
function twin(held, fresh) {
  return [...fresh.querySelectorAll("a[href], button, summary")].find(
    (one) => one.textContent === held.textContent && one.getAttribute("href") === held.getAttribute("href"),
  );
}

// Readers of the screen hear of a change only from an element that was there before it.
const announcer = document.createElement("p");
announcer.className = "hidden-text";
announcer.setAttribute("role", "status");

function look(part) {
  const seconds = Number(part.dataset.live);
  if (!seconds) return;
  setTimeout(async () => {
    const fresh = await follow(part).catch(() => part);
    if (fresh) look(fresh);
  }, seconds * 1000);
}

function followAll() {
  for (const part of document.querySelectorAll("[data-live][id]")) {
    document.getElementById("main").append(announcer);
    look(part);
  }
}

followAll();

// A form with a file: sent with a progress bar.
function send(form, button) {
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const text = box.querySelector("[role=status]");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "document";
  request.upload.onprogress = ({ loaded, total }) => {
    const percent = Math.floor((100 * loaded) / total);
    bar.value = percent;
    const told = percent === 100 ? text.dataset.checking : text.dataset.sent.replace("{percent}", percent - (percent % 10));
    if (text.textContent !== told) text.textContent = told; // every change is read aloud
  };
  request.onload = () => show(request);
  request.onerror = () => {
    text.textContent = text.dataset.failed;
    delete form.dataset.sent;
  };
  box.hidden = false;
  request.send(new FormData(form, button));
}

function show(request) {
  const page = request.response;
  const moved = request.responseURL !== location.href.split("#")[0] && request.status < 400;
  if (moved || !page) return location.assign(request.responseURL);
  document.title = page.title;
  document.getElementById("main").replaceWith(document.adoptNode(page.getElementById("main")));
  for (const form of document.forms) prepare(form);
  followAll();
  (document.querySelector(".error-summary") || document.getElementById("main")).focus();
}

function prepare(form) {
  const input = form.querySelector("input[type=file][data-max-bytes]");
  if (!input) return;
  input.addEventListener("change", () => {
    const tooLarge = input.files.length && input.files[0].size > Number(input.dataset.maxBytes);
    input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
    if (tooLarge) input.reportValidity();
  });
  if (form.dataset.uploads) return; // sent in parts, by orders/resumable.js
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    if (!input.validity.valid) return input.reportValidity();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    send(form, event.submitter);
  });
}

for (const form of document.forms) prepare(form);
