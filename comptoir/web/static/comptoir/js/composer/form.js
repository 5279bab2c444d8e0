// The composer's own parts, and its text.

export const composer = () => document.getElementById("composer");
export const form = () => document.getElementById("composer-form");
export const text = () => document.getElementById("composer-text");
export const mode = () => composer()?.dataset.mode ?? "";
export const isNote = () => mode() === "note";

// What the server leaves out at both ends, which is not quite what trim() does.
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const ENDS = new RegExp(`^${BLANK}|${BLANK}$`, "g");
export const stripped = (value) => value.replace(ENDS, "");

export function announce(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

// Go on writing: behind a draft that nobody has been in yet, else where one was.
export function writeOn() {
  const field = text();
  const isUntouched = field !== document.activeElement && field.selectionEnd === 0;
  field.focus();
  if (isUntouched) field.setSelectionRange(field.value.length, field.value.length);
}

// Put words in place of a stretch of the text, as if they had been typed: the browser can take them back.
export function write(words, start, end) {
  const field = text();
  field.focus();
  field.setSelectionRange(start, end);
  if (document.execCommand("insertText", false, words)) return;
  field.setRangeText(words, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export async function post(url, fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form().elements.csrfmiddlewaretoken.value);
  for (const [name, value] of fields) body.append(name, value);
  const response = await fetch(url, { method: "POST", body, credentials: "same-origin", headers: { "HX-Request": "true" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.status === 204 ? "" : response.text();
}

// Say in the composer why something was not done; what was typed stays.
export function refuse(...sentences) {
  const place = document.getElementById("composer-refusal");
  if (!place) return;
  place.replaceChildren();
  for (const sentence of sentences) {
    const box = document.createElement("p");
    box.className = "refusal";
    box.textContent = sentence;
    place.append(box);
  }
}
