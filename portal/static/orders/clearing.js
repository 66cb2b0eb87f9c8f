// Keys for the page of a doubtful row, on top of its buttons. See the page's own list of keys.
"use strict";

const OFF = "clearing-keys-off";
const buttons = [...document.querySelectorAll("[data-case] button[name=choice]")];
const choice = document.querySelector("[data-keys-choice]");
const on = document.querySelector("[data-keys-on]");

// Single keys can be turned off, for who speaks to the machine or presses keys by mistake (WCAG 2.1.4).
choice.hidden = false;
on.checked = localStorage.getItem(OFF) === null;
on.addEventListener("change", () => {
  if (on.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
});

function move(step) {
  const here = buttons.indexOf(document.activeElement);
  const there = here < 0 ? (step > 0 ? 0 : buttons.length - 1) : here + step;
  buttons[(there + buttons.length) % buttons.length].focus();
}

document.addEventListener("keydown", (event) => {
  if (!on.checked || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (event.target.closest("[role=region]")?.scrollWidth > innerWidth && !event.target.closest("button")) return;
    event.preventDefault();
    move(event.key === "ArrowRight" ? 1 : -1);
    return;
  }
  const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// Readers of the screen hear how far it is: a text that changes is read out, one that was there is not.
const words = document.getElementById("progress-words");
const text = words.textContent;
words.textContent = "";
setTimeout(() => (words.textContent = text), 200);
if (location.hash === "#case") document.getElementById("case").focus();
