// Sends the register in parts (tus 1.0.0), so that a broken line costs little. Without this script the form
// sends the file in one go.
"use strict";

(() => {
  const PART = 8 * 1024 * 1024;
  const ENDS = 64 * 1024; // bytes of the start and of the end by which a file is known again
  const LONGEST_PAUSE = 30;
  const form = document.querySelector("form[data-uploads]");
  const input = form?.querySelector("input[type=file]");
  if (!input) return;
  const box = form.querySelector("[data-sending]");
  const words = box.dataset;
  const bar = box.querySelector("[data-bar]");
  const amount = box.querySelector("[data-amount]");
  const state = box.querySelector("[data-state]");
  const pauseButton = box.querySelector("[data-pause-button]");
  const cancelButton = box.querySelector("[data-cancel-button]");
  const problem = form.querySelector("[data-problem]");
  const sendButtons = form.querySelectorAll(".actions button");
  for (const part of document.querySelectorAll("[data-with-script]")) part.hidden = false;

  let sending = null; // { file, url, sent, paused, cancelled, request, wake }

  // What the server says is final: it is told in words, and not tried again.
  class Refused extends Error {}
  class Broken extends Error {}

  function say(text, values = {}) {
    const told = text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
    if (state.textContent !== told) state.textContent = told; // every change is read aloud
  }

  function megabytes(bytes) {
    const language = document.documentElement.lang;
    const format = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
    return `${format.format(bytes / 1024 / 1024)} ${language === "fi" ? "Mt" : "MB"}`;
  }

  function percent() {
    return Math.floor((100 * sending.sent) / sending.file.size);
  }

  // What has arrived for certain is told by `offset`; `underway` is what the line has taken of the next part.
  function show(underway = 0) {
    const sent = Math.min(sending.sent + underway, sending.file.size);
    const share = Math.floor((100 * sent) / sending.file.size);
    bar.value = share;
    amount.textContent = words.sent
      .replace("{sent}", megabytes(sent))
      .replace("{all}", megabytes(sending.file.size))
      .replace("{percent}", share);
    if (share && share % 10 === 0 && share < 100) say(words.percent, { percent: share });
  }

  function mark(bytes) {
    let hash = 0x811c9dc5; // FNV-1a: to know a file again, not to prove it
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash.toString(16).padStart(8, "0");
  }

  async function fingerprint(file) {
    const ends = [file.slice(0, ENDS), file.slice(-ENDS)];
    const marks = await Promise.all(ends.map(async (end) => mark(new Uint8Array(await end.arrayBuffer()))));
    return [...marks, file.lastModified.toString(16)].join("-");
  }

  function base64(text) {
    return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  }

  function ask(method, url, headers = {}, body = null) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      sending.request = request;
      request.open(method, url);
      request.setRequestHeader("Tus-Resumable", "1.0.0");
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      if (body) request.upload.onprogress = ({ loaded }) => show(loaded);
      request.onload = () => resolve(request);
      request.onerror = request.onabort = request.ontimeout = () => reject(new Broken());
      request.send(body);
    });
  }

  // The request that was answered well, or else an error that says whether to try again.
  function checked(request) {
    const { status } = request;
    if (status >= 200 && status < 300) return request;
    if (status === 0 || status === 409 || status === 429 || status === 460 || status >= 500) throw new Broken();
    let told = {};
    try {
      told = JSON.parse(request.responseText) || {};
    } catch {
      // an answer of a proxy
    }
    if (told.reason) throw new Refused(told.detail);
    throw new Refused(status === 401 || status === 403 ? words.signedOut : words.refused);
  }

  async function begun(file, print) {
    const list = JSON.parse(checked(await ask("GET", form.dataset.uploads)).responseText);
    return list.find((one) => one.fingerprint === print && one.length === file.size);
  }

  async function create(file, print) {
    const described = `filename ${base64(file.name)},fingerprint ${base64(print)}`;
    const headers = { "Upload-Length": file.size, "Upload-Metadata": described };
    const answer = checked(await ask("POST", form.dataset.uploads, headers));
    return answer.getResponseHeader("Location");
  }

  async function place() {
    const { file } = sending;
    const print = await fingerprint(file).catch(() => {
      throw new Refused(words.changed);
    });
    const earlier = await begun(file, print);
    if (earlier) {
      sending.sent = earlier.offset;
      if (earlier.offset) say(words.continues, { percent: percent() });
      return earlier.url;
    }
    return create(file, print);
  }

  async function askOffset() {
    const request = await ask("HEAD", sending.url);
    if (request.status === 404 || request.status === 410) {
      sending.sent = 0; // it has expired or was deleted elsewhere: begun anew
      sending.url = await place();
      return;
    }
    const answer = checked(request);
    sending.sent = Number(answer.getResponseHeader("Upload-Offset"));
    show();
  }

  async function sendPart() {
    const part = sending.file.slice(sending.sent, sending.sent + PART);
    await part.slice(0, 1).arrayBuffer().catch(() => {
      throw new Refused(words.changed); // a network error would look the same, and be tried for ever
    });
    const headers = { "Upload-Offset": sending.sent, "Content-Type": "application/offset+octet-stream" };
    const answer = checked(await ask("PATCH", sending.url, headers, part));
    sending.sent = Number(answer.getResponseHeader("Upload-Offset"));
    show();
  }

  async function sendAll() {
    if (sending.url) await askOffset();
    else sending.url = await place();
    show();
    while (sending.sent < sending.file.size) {
      if (sending.paused || sending.cancelled) return;
      await sendPart();
      sending.failures = 0;
    }
  }

  // Wait so many seconds; the line's return, or a press of Continue, ends the waiting.
  function wait(seconds) {
    return new Promise((resolve) => {
      const timer = seconds ? setTimeout(resolve, seconds * 1000) : null;
      sending.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function waitForLine() {
    const seconds = Math.min(2 ** sending.failures, LONGEST_PAUSE);
    sending.failures += 1;
    show();
    say(words.broken, { percent: percent(), seconds });
    await wait(seconds);
    if (!sending.paused && !sending.cancelled) say(words.trying);
  }

  async function waitForContinue() {
    say(words.paused, { percent: percent() });
    await wait(0);
  }

  async function run() {
    say(words.starting);
    for (;;) {
      try {
        await sendAll();
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        if (!sending.paused && !sending.cancelled) await waitForLine();
      }
      if (sending.cancelled) return false;
      if (sending.paused) await waitForContinue();
      if (sending.cancelled) return false;
      if (sending.sent >= sending.file.size) return true;
    }
  }

  function lock(on) {
    input.disabled = on;
    for (const button of sendButtons) button.closest(".action").hidden = on;
    box.hidden = !on;
  }

  function fail(error) {
    problem.textContent = error instanceof Refused ? error.message : words.refused;
    input.setAttribute("aria-invalid", "true");
    problem.focus();
  }

  // What the page said of an earlier try does not hold of this one.
  function forgetErrors() {
    input.removeAttribute("aria-invalid");
    document.querySelector(".error-summary")?.remove();
    for (const told of form.querySelectorAll(".field-error .error-text")) told.remove();
    form.querySelector(".field-error")?.classList.remove("field-error");
  }

  async function cancelOnServer() {
    if (sending.url) await ask("DELETE", sending.url).catch(() => null);
  }

  async function start(file) {
    sending = { file, url: null, sent: 0, failures: 0, paused: false, cancelled: false, request: null, wake: null };
    problem.textContent = "";
    forgetErrors();
    pauseButton.textContent = words.pause;
    lock(true);
    show();
    pauseButton.focus();
    let whole = false;
    try {
      whole = await run();
      if (sending.cancelled) await cancelOnServer();
    } catch (error) {
      lock(false);
      fail(error);
      return;
    }
    if (whole) {
      say(words.done);
      location.assign(form.dataset.done);
    } else {
      lock(false);
      input.focus();
    }
  }

  form.addEventListener("submit", (event) => {
    const [file] = input.files;
    if (!file?.size) return; // the plain form tells what is wrong
    event.preventDefault();
    if (!input.validity.valid) input.reportValidity();
    else if (input.disabled) return;
    else start(file);
  });

  // The beginning is not cut off: the server might have begun an upload that this page knows nothing of.
  function stopRequest() {
    if (sending.url) sending.request?.abort();
  }

  pauseButton.addEventListener("click", () => {
    sending.paused = !sending.paused;
    pauseButton.textContent = sending.paused ? words.continue : words.pause;
    if (sending.paused) stopRequest();
    sending.wake?.();
  });

  cancelButton.addEventListener("click", () => {
    sending.cancelled = true;
    stopRequest();
    sending.wake?.();
  });

  window.addEventListener("online", () => {
    if (sending && !sending.paused) sending.wake?.();
  });
})();
