// Where what one writes goes. Words written for colleagues reach a customer, and those written for one person the public,
// only knowingly.
import { say } from "../said.js";
import { announce, composer, form, text, writeOn } from "./form.js";

// Who reads it, from the fewest on.
const READERS = ["note", "private", "public"];
const writtenFor = () => (text().value.trim() ? form().dataset.writtenFor : undefined);
const reachesMore = (mode) => Boolean(writtenFor()) && READERS.indexOf(mode) > READERS.indexOf(writtenFor());

function choose(value) {
  const wanted = composer()?.querySelector(`input[name="mode"][value="${value}"]`);
  if (wanted) wanted.checked = true;
  return wanted;
}

export function showMode() {
  const chosen = composer()?.querySelector('input[name="mode"]:checked');
  if (!chosen) return;
  composer().dataset.mode = chosen.value;
  const destination = document.getElementById("destination");
  if (destination.textContent !== chosen.dataset.destination) destination.textContent = chosen.dataset.destination;
  document.getElementById("composer-send").textContent = chosen.dataset.button;
  text().placeholder = chosen.value === "note" ? text().dataset.ofNote : text().dataset.ofReply;
  const choices = composer().querySelector(".composer-choices");
  if (choices) {
    choices.hidden = !chosen.dataset.choices;
    choices.querySelector("textarea").disabled = choices.hidden; // What cannot be offered this way is not sent along.
  }
  announce("composer-shown");
}

function askFirst(mode) {
  const asked = document.getElementById("composer-confirm");
  asked.hidden = !mode;
  if (!mode) return;
  asked.dataset.to = mode;
  const way = `${writtenFor()}-${mode}`;
  for (const one of asked.querySelectorAll("[data-ways]")) one.hidden = !one.dataset.ways.split(" ").includes(way);
  asked.querySelector('[data-act="stay-private"]').focus();
}

export function noteWhere() {
  if (!text()) return;
  const { mode } = composer().dataset;
  if (!text().value.trim()) delete form().dataset.writtenFor;
  else if (mode !== "public" && !reachesMore(mode)) form().dataset.writtenFor = mode;
}

function changeMode() {
  const chosen = composer().querySelector('input[name="mode"]:checked').value;
  const former = composer().dataset.mode;
  if (chosen === former) return;
  if (reachesMore(chosen)) {
    choose(former);
    askFirst(chosen);
    return;
  }
  askFirst("");
  document.getElementById("composer-refusal")?.replaceChildren(); // It was about the other way.
  showMode();
  say(document.getElementById("destination").textContent);
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
  // From a note, the reply that fewer read.
  else setMode((writtenFor() ? replies.find((one) => one.value === "private") : null)?.value ?? replies[0].value);
}

document.addEventListener("change", (event) => {
  if (event.target.name === "mode" && event.target.closest("#composer")) changeMode();
});
document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "go-private") setMode("private");
  if (act === "stay-private") {
    askFirst("");
    text().focus();
  }
  if (act === "go-on") {
    delete form().dataset.writtenFor;
    askFirst("");
    setMode(document.getElementById("composer-confirm").dataset.to);
  }
});
