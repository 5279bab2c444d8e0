// Files: checked before they travel, kept beside the draft as soon as they are chosen.
import { form, isNote, post, refuse } from "./form.js";
import { words } from "../words.js";

const MEGABYTE = 1024 * 1024;
let underWay = Promise.resolve();
let count = 0;

export const areUploading = () => count > 0;
export const uploaded = () => underWay;

const place = () => document.getElementById("composer-files-list");

function isTaken(type) {
  const taken = form().dataset.fileTypes.split(",").filter(Boolean);
  return !taken.length || taken.some((one) => (one.endsWith("/*") ? type.startsWith(one.slice(0, -1)) : one === type));
}

function reasonAgainst(file) {
  const largest = Number(form().dataset.largestFile);
  const named = (word) => words(word).replace("{name}", file.name);
  if (file.size > largest) return named("fileTooLarge").replace("{most}", (Math.floor((largest / MEGABYTE) * 10) / 10).toLocaleString(document.documentElement.lang));
  if (file.type && !isTaken(file.type)) return named("fileOfNoType").replace("{types}", form().dataset.fileTypesWords);
  return "";
}

export function addFiles(files) {
  const most = Number(form()?.dataset.mostFiles ?? 0);
  if (!files.length || !form()) return;
  if (isNote()) return refuse(words("noFilesInNotes"));
  if (!most) return refuse(words("noFiles"));
  const reasons = files.map(reasonAgainst).filter(Boolean);
  const good = files.filter((file) => !reasonAgainst(file));
  const room = most - place().querySelectorAll(".draft-file").length;
  if (good.length > room) reasons.push(words("tooManyFiles", most));
  refuse(...reasons);
  send(good.slice(0, Math.max(0, room)).map((file) => ["file", file]));
}

export function addCannedFiles(canned) {
  send([["canned", canned]]);
}

export function addEntryFiles(entry, way) {
  send([["entry", entry], ["way", way]]);
}

function send(fields) {
  if (!fields.length) return;
  const current = form();
  count += 1;
  showWaiting();
  underWay = underWay
    .then(() => post(current.dataset.files, fields))
    .then(show, () => refuse(words("fileNotKept")))
    .finally(() => {
      count -= 1;
      showWaiting();
    });
}

function show(html) {
  if (!place()) return;
  const template = document.createElement("template");
  template.innerHTML = html;
  // What is being said about a picture is not taken from under the fingers.
  for (const field of place().querySelectorAll(".draft-file-alt")) {
    const fresh = template.content.getElementById(field.id);
    if (fresh) fresh.value = field.value;
  }
  place().replaceChildren(template.content);
}

function showWaiting() {
  const state = document.getElementById("draft-state");
  if (state) state.textContent = count ? words("fileUnderWay") : "";
}

document.addEventListener("change", async (event) => {
  if (event.target.id === "composer-files") {
    const files = [...event.target.files];
    event.target.value = "";
    addFiles(files);
  }
  if (event.target.matches?.(".draft-file-alt")) {
    const field = event.target;
    count += 1;
    underWay = underWay
      .then(() => post(field.dataset.describe, [["alt_text", field.value]]))
      .catch(() => refuse(words("fileNotKept")))
      .finally(() => (count -= 1));
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest('[data-act="remove-file"]');
  if (!button) return;
  post(button.dataset.url, []).then((html) => {
    show(html);
    document.getElementById("composer-text")?.focus();
  }, () => refuse(words("fileNotKept")));
});
document.addEventListener("paste", (event) => {
  if (event.target.id !== "composer-text" || !event.clipboardData?.files.length) return;
  event.preventDefault();
  addFiles([...event.clipboardData.files]);
});

const dropsHere = (event) => event.dataTransfer?.types.includes("Files") && event.target.closest?.("#composer");

document.addEventListener("dragover", (event) => {
  if (!dropsHere(event)) return;
  event.preventDefault();
  document.getElementById("composer").dataset.dropping = "true";
});
document.addEventListener("dragleave", (event) => {
  const composer = document.getElementById("composer");
  if (composer && !composer.contains(event.relatedTarget)) delete composer.dataset.dropping;
});
document.addEventListener("drop", (event) => {
  if (!dropsHere(event)) return;
  event.preventDefault();
  delete document.getElementById("composer").dataset.dropping;
  addFiles([...event.dataTransfer.files]);
});
