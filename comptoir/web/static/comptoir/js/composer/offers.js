// Suggestions while one writes: / an answer kept ready, @ a colleague in a note, : an emoji.
import { form, isNote, text, write } from "./form.js";
import { addCannedFiles } from "./files.js";
import { gapsIn } from "./limits.js";
import { counted } from "../words.js";

const list = () => document.getElementById("composer-offers");
const options = () => [...(list()?.children ?? [])];
let asking = null;
let start = 0; // Where the text to be replaced begins.
let closedAt = -1; // A list that was closed stays closed until something else is begun.

const kinds = [
  { sign: "/", pattern: /(?:^|\s)\/([\p{L}\p{N}_-]{0,40})$/u, isOffered: () => !isNote(), find: (q) => fetched("canned", q) },
  { sign: "@", pattern: /(?:^|[\s(])@([\p{L}\p{M}'’-]{0,30}(?: [\p{L}\p{M}'’-]{0,30}){0,2})$/u, isOffered: isNote, find: (q) => fetched("colleagues", q) },
  { sign: ":", pattern: /(?:^|\s):([\p{L}]{2,20})$/u, isOffered: () => true, find: emojiOptions },
];

async function fetched(name, begun) {
  asking = new AbortController();
  const url = `${form().dataset[name]}?q=${encodeURIComponent(begun)}`;
  const response = await fetch(url, { credentials: "same-origin", signal: asking.signal, headers: { "HX-Request": "true" } });
  if (!response.ok) return [];
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  return [...template.content.children];
}

async function emojiOptions(begun) {
  const { emojiFor } = await import("./emoji.js");
  return emojiFor(begun, 8).map(({ sign, name }, index) => {
    const option = document.createElement("li");
    option.id = `offer-emoji-${index}`;
    option.setAttribute("role", "option");
    option.dataset.text = `${sign} `;
    option.textContent = `${sign} ${name}`;
    return option;
  });
}

export async function offer() {
  const field = text();
  asking?.abort();
  if (!field || field.selectionStart !== field.selectionEnd || field.readOnly) return close();
  const before = field.value.slice(0, field.selectionStart);
  const kind = kinds.find((one) => one.isOffered() && one.pattern.test(before));
  const begun = kind?.pattern.exec(before)[1];
  const at = kind ? before.length - begun.length - kind.sign.length : -1;
  if (!kind || at === closedAt) return close();
  closedAt = -1;
  let found;
  try {
    found = await kind.find(begun.trim());
  } catch {
    return; // Asked again with the next letter.
  }
  if (text() !== field || field.value.slice(0, field.selectionStart) !== before) return;
  start = at;
  show(found);
}

function show(found) {
  if (!found.length) return close();
  list().replaceChildren(...found);
  list().hidden = false;
  text().setAttribute("aria-controls", "composer-offers");
  point(0);
  document.getElementById("composer-offers-said").textContent = isNone(found[0]) ? found[0].textContent.trim() : counted("offers", found.length);
}

export function close() {
  if (!list() || list().hidden) return;
  list().hidden = true;
  list().replaceChildren();
  text()?.removeAttribute("aria-activedescendant");
  text()?.removeAttribute("aria-controls");
  document.getElementById("composer-offers-said").textContent = "";
}

function point(index) {
  const all = options();
  all.forEach((one, position) => one.setAttribute("aria-selected", String(position === index)));
  all[index].scrollIntoView({ block: "nearest" });
  text().setAttribute("aria-activedescendant", all[index].id);
}

const isNone = (option) => option.getAttribute("aria-disabled") === "true";

function take(option) {
  if (isNone(option)) return;
  const end = text().selectionStart;
  const { text: chosen, canned } = option.dataset;
  const hasFiles = "hasFiles" in option.dataset;
  close();
  write(chosen, start, end);
  if (!canned) return;
  remember(canned);
  if (hasFiles) addCannedFiles(canned);
  const [gap] = gapsIn(chosen);
  if (!gap) return;
  const at = text().value.indexOf(gap, start);
  text().setSelectionRange(at, at + gap.length);
}

// Which answers have served is counted when the reply goes.
function remember(canned) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "canned", value: canned });
  form().append(field);
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.target !== text() || !list() || list().hidden || event.isComposing) return;
    const all = options();
    if (isNone(all[0]) && event.key !== "Escape") return;
    const index = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (event.key === "ArrowDown") point((index + 1) % all.length);
    else if (event.key === "ArrowUp") point((index - 1 + all.length) % all.length);
    else if ((event.key === "Enter" || event.key === "Tab") && isPlain) take(all[index]);
    else if (event.key === "Escape") {
      closedAt = start;
      close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  },
  { capture: true },
);
document.addEventListener("mousedown", (event) => {
  if (event.target.closest("#composer-offers")) event.preventDefault(); // The text keeps the focus.
});
document.addEventListener("click", (event) => {
  const mention = event.target.closest("[data-mention]")?.dataset.mention;
  if (mention) write(mention, text().selectionStart, text().selectionEnd);
  const option = event.target.closest("#composer-offers > li");
  if (option) take(option);
  else if (event.target.closest("#composer-canned")) begin("/");
  else if (!event.target.closest("#composer-text")) close();
});
document.addEventListener("focusout", (event) => event.target === text() && close());

function begin(sign) {
  const field = text();
  const at = field.selectionEnd;
  const needsSpace = at > 0 && !/\s/.test(field.value[at - 1]);
  closedAt = -1;
  write(`${needsSpace ? " " : ""}${sign}`, at, at);
}

