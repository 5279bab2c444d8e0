// What the network allows, shown while one writes: length as it counts, time that is left, words still to be filled in.
import { form, isNote, stripped, text } from "./form.js";
import { words } from "../words.js";

const GAP = /\{[a-z_]{2,30}\}/g;
const MINUTE = 60_000;

// As delivery/checking.py counts: a test holds the two together.
export const counters = {
  graphemes: (value) => [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(value)].length,
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
  const { longest, unit } = form().dataset;
  const count = longest && !isNote() ? lengthOf(text().value, unit) : 0;
  const left = longest - count;
  const matters = Boolean(longest) && !isNote() && (left < longest * 0.5 || longest <= 500) && count > 0;
  shown.classList.toggle("is-over", matters && left < 0);
  const said = matters ? (left < 0 ? words("tooLong", -left) : words("length", left)) : "";
  if (shown.textContent !== said) shown.textContent = said;
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
  return minutes < 120 ? words("minutes", minutes) : words("hours", Math.floor(minutes / 60));
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
