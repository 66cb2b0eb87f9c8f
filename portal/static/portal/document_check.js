// The hash of a chosen document, computed here, so that the document itself is never sent.
"use strict";

const form = document.querySelector("[data-document-check]");
const part = form?.querySelector("[data-file]");
const status = form?.querySelector("[data-status]");

async function hashOf(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

if (part && window.crypto?.subtle) {
  part.hidden = false;
  part.querySelector("input").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    status.textContent = form.dataset.working;
    form.elements.sha256.value = await hashOf(file);
    status.textContent = form.dataset.done;
  });
}
