// What the network allows, shown while one writes: length as it counts, time that is left, words still to be filled in.
import { say } from "../said.js";
import { words } from "../words.js";
import { form, isNote, stripped, text } from "./form.js";

const GAP = /\{[a-z_]{2,30}\}/g;
const MINUTE = 60_000;

const clusters = (value) =>
  [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(value)].map((part) => part.segment);

const LINK = /https?:\/\/[^\s<>"«»]*[^\s<>"«».,;:!?…)\]}']/gu;
const LIGHT = /^[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]$/u;
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

function weight(cluster) {
  const letters = [...cluster];
  if (EMOJI.test(cluster) && (letters.length > 1 || !LIGHT.test(cluster))) return 2;
  return sum(letters.map((letter) => (LIGHT.test(letter) ? 1 : 2)));
}

function weighted(value) {
  const links = value.match(LINK) ?? [];
  return 23 * links.length + sum(clusters(value.replace(LINK, "")).map(weight));
}

const GSM = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿" +
    "abcdefghijklmnopqrstuvwxyzäöñüà",
);
const GSM_EXTENDED = new Set("\f^{}\\[~]|€");

function segments(value) {
  const letters = [...value];
  const isGsm = letters.every((letter) => GSM.has(letter) || GSM_EXTENDED.has(letter));
  const sizes = letters.map((letter) => (isGsm ? (GSM_EXTENDED.has(letter) ? 2 : 1) : letter.length));
  const [alone, each] = isGsm ? [160, 153] : [70, 67];
  if (sum(sizes) <= alone) return letters.length ? 1 : 0;
  let [parts, room] = [1, each];
  for (const size of sizes) {
    if (size > room) [parts, room] = [parts + 1, each];
    room -= size;
  }
  return parts;
}

// As connectors/base/limits.py counts: a test holds the two together.
export const counters = {
  weighted,
  segments,
  graphemes: (value) => clusters(value).length,
  code_points: (value) => [...value].length,
  utf16: (value) => value.length,
  bytes: (value) => new TextEncoder().encode(value).length,
};

export const lengthOf = (value, unit) => counters[unit](stripped(value));

export const gapsIn = (value) => [...new Set(value.match(GAP) ?? [])];

export function showLimits() {
  if (!form()) return;
  showLength();
  showGaps();
}

function showLength() {
  const shown = document.getElementById("composer-length");
  const { longest, unit } = document.querySelector('#composer input[name="mode"]:checked')?.dataset ?? {};
  const count = longest && !isNote() ? lengthOf(text().value, unit) : 0;
  const left = longest - count;
  const matters = Boolean(longest) && !isNote() && (left < longest * 0.5 || longest <= 500) && count > 0;
  shown.classList.toggle("is-over", matters && left < 0);
  const kept = unit === "segments" ? words("segments", count) : words("length", left); // each SMS is paid for
  const said = matters ? (left < 0 ? words("tooLong", -left) : kept) : "";
  if (shown.textContent !== said) shown.textContent = said;
  tellLength(matters ? left : Infinity, unit);
}

// By ear, the length is said where it begins to matter and not with every key: once the typing pauses, at each of these.
const TOLD_AT = [50, 20, 10, 0];
const PAUSE_MS = 700;
const isReached = (left) => TOLD_AT.filter((step) => left <= step).length + (left < 0 ? 1 : 0);
let reached = 0;
let pause = 0;

function tellLength(left, unit) {
  const now = unit === "segments" ? 0 : isReached(left); // An SMS goes on in another one: nothing ends.
  clearTimeout(pause);
  if (now > reached) pause = setTimeout(() => (reached = now) && say(document.getElementById("composer-length")?.textContent), PAUSE_MS);
  else reached = now;
}

function showGaps() {
  const place = document.getElementById("composer-gaps");
  const gaps = isNote() ? [] : gapsIn(text().value);
  place.hidden = gaps.length === 0;
  const said = gaps.length ? words("toFillIn").replace("{words}", gaps.join(", ")) : "";
  if (place.textContent !== said) place.textContent = said;
}

function span(ms) {
  const minutes = Math.max(1, Math.floor(ms / MINUTE));
  if (minutes < 120) return words("minutes", minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words("hours", hours) : words("days", Math.floor(hours / 24));
}

export function showWindow() {
  const line = document.getElementById("reply-window");
  const left = line?.querySelector("[data-left]");
  if (!left) return;
  const ms = Date.parse(line.dataset.until) - Date.now();
  line.classList.toggle("is-soon", ms > 0 && ms <= 120 * MINUTE);
  line.classList.toggle("is-closed", ms <= 0);
  const said = ms > 0 ? `(${span(ms)})` : words("windowClosed");
  if (left.textContent !== said) left.textContent = said;
}

setInterval(showWindow, MINUTE / 2);
