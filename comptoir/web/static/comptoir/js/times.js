// Keeping waiting times and promises current, without asking the server.
import { words } from "./words.js";

const MINUTE = 60_000;
const WIDTH = 36;

function span(ms) {
  const minutes = Math.max(0, Math.floor(ms / MINUTE));
  if (minutes < 1) return words("now");
  if (minutes < 60) return words("minutes", minutes);
  if (minutes < 48 * 60) return words("hours", Math.floor(minutes / 60));
  return words("days", Math.floor(minutes / (24 * 60)));
}

function tick() {
  const now = Date.now();
  for (const time of document.querySelectorAll("time[data-since]")) {
    const text = span(now - Date.parse(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
  for (const bar of document.querySelectorAll("svg[data-due]")) {
    const starts = Date.parse(bar.dataset.starts);
    const due = Date.parse(bar.dataset.due);
    const left = (due - now) / (due - starts);
    const state = left <= 0 ? "is-broken" : left < 0.25 ? "is-soon" : "is-waiting";
    bar.lastElementChild.setAttribute("width", left <= 0 ? WIDTH : Math.round(WIDTH * Math.min(1, left)));
    bar.parentElement.classList.remove("is-broken", "is-soon", "is-waiting");
    bar.parentElement.classList.add(state);
  }
}

setInterval(tick, MINUTE / 2);
document.addEventListener("visibilitychange", () => document.hidden || tick());
