// What may be looked at in a reply, some time after the last key: it never moves the focus and never holds anything up.
import { form, isNote, mode, post, text } from "./form.js";
import { words } from "../words.js";

const PAUSE_MS = 1200;
const PATIENCE_MS = 1000; // The tone is read by a process that may have to begin first; what we hold already is known at once.
const MOST_SHOWN = 40;
let timer = 0;
let asked = 0;

const place = () => document.getElementById("composer-tone");

function show(html) {
  if (!place()) return;
  place().hidden = !html;
  place().innerHTML = html;
  for (const hint of place().querySelectorAll(".tone-hint")) {
    const about = text().value.slice(...stretch(hint)).trim();
    const shown = about.length > MOST_SHOWN ? `${about.slice(0, MOST_SHOWN)}…` : about;
    hint.querySelector(".tone-words").textContent = shown && words("quoted").replace("{words}", () => shown);
  }
}

const look = (written, only) => post(place().dataset.url, [["text", written], ["mode", mode()], ["only", only]]).catch(() => "");

async function ask() {
  clearTimeout(timer);
  if (!form() || !place()) return;
  const written = text().value;
  if (isNote() || !written.trim()) return show("");
  const mine = ++asked;
  let isWhole = false;
  const showIfMeant = (html) => mine === asked && text()?.value === written && !isNote() && show(html);
  setTimeout(async () => {
    if (isWhole || mine !== asked || !place()) return;
    const html = await look(written, "held");
    if (!isWhole) showIfMeant(html);
  }, PATIENCE_MS);
  const html = await look(written, "");
  isWhole = true;
  showIfMeant(html);
}

export function askSoon() {
  asked += 1; // What is under way is about other words.
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS);
}

// The server counts code points.
function stretch(hint) {
  const letters = [...text().value];
  const [start, end] = [Number(hint.dataset.start), Number(hint.dataset.end)];
  const before = letters.slice(0, start).join("").length;
  return [before, before + letters.slice(start, end).join("").length];
}

document.addEventListener("click", (event) => {
  const hint = event.target.closest("#composer-tone .tone-hint");
  if (hint) {
    text().focus();
    text().setSelectionRange(...stretch(hint));
  }
  const off = event.target.closest("#composer-tone [data-act='no-tone']");
  if (off) {
    post(off.dataset.url, [["shown", "no"]]).then(() => {
      place()?.remove();
      text()?.focus();
    }, () => {});
  }
});
