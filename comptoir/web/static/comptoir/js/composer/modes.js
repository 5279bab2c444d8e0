// Where what one writes goes. Words written for one person become public only knowingly.
import { announce, composer, form, text, writeOn } from "./form.js";

const wasPrivate = () => form()?.dataset.writtenPrivately === "true" && text().value.trim() !== "";

function choose(value) {
  const wanted = composer()?.querySelector(`input[name="mode"][value="${value}"]`);
  if (wanted) wanted.checked = true;
  return wanted;
}

export function showMode() {
  const chosen = composer()?.querySelector('input[name="mode"]:checked');
  if (!chosen) return;
  composer().dataset.mode = chosen.value;
  document.getElementById("destination").textContent = chosen.dataset.destination;
  document.getElementById("composer-send").textContent = chosen.dataset.button;
  const choices = composer().querySelector(".composer-choices");
  if (choices) {
    choices.hidden = !chosen.dataset.choices;
    choices.querySelector("textarea").disabled = choices.hidden; // What cannot be offered this way is not sent along.
  }
  announce("composer-shown");
}

function askFirst(asked) {
  document.getElementById("composer-confirm").hidden = !asked;
  if (asked) document.querySelector('[data-act="stay-private"]').focus();
}

export function noteWhere() {
  if (!text()) return;
  const isPublic = composer().dataset.mode === "public";
  if (!text().value.trim()) delete form().dataset.writtenPrivately;
  else if (!isPublic) form().dataset.writtenPrivately = "true";
}

function changeMode() {
  const chosen = composer().querySelector('input[name="mode"]:checked').value;
  const former = composer().dataset.mode;
  if (chosen === former) return;
  if (chosen === "public" && wasPrivate()) {
    choose(former);
    askFirst(true);
    return;
  }
  askFirst(false);
  document.getElementById("composer-refusal")?.replaceChildren(); // It was about the other way.
  showMode();
  if (text().value.trim()) announce("composer-changed");
}

export function setMode(value) {
  if (!choose(value)) return;
  changeMode();
  if (document.getElementById("composer-confirm").hidden) writeOn();
}

export function startReply() {
  const replies = [...(composer()?.querySelectorAll('input[name="mode"]') ?? [])].filter((one) => one.value !== "note");
  if (!replies.length) return;
  if (composer().dataset.mode !== "note") writeOn();
  // From a note, the reply that does not have to be confirmed.
  else setMode((wasPrivate() ? replies.find((one) => one.value === "private") : null)?.value ?? replies[0].value);
}

document.addEventListener("change", (event) => {
  if (event.target.name === "mode" && event.target.closest("#composer")) changeMode();
});
document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "go-private") setMode("private");
  if (act === "stay-private") {
    askFirst(false);
    text().focus();
  }
  if (act === "go-public") {
    delete form().dataset.writtenPrivately;
    askFirst(false);
    setMode("public");
  }
});
