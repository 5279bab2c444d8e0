// Making elements: text is only ever set as text, so nothing a person wrote can become markup.

const SVG = "http://www.w3.org/2000/svg";

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, setting] of Object.entries(attributes)) {
    if (attribute.startsWith("on")) made.addEventListener(attribute.slice(2), setting);
    else if (setting === true) made.setAttribute(attribute, "");
    else if (setting !== false && setting != null) made.setAttribute(attribute, setting);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

const PATHS = {
  bell: "M4 18h16M6 18a6 6 0 0 1 12 0M12 12V8M9.5 8h5M3 21h18",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-8-6 16-3-6z",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.5 7",
  down: "M12 5v14M6 13l6 6 6-6",
};

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  drawing.append(path);
  return drawing;
}

const ADDRESS = /https?:\/\/[^\s<>"“”«»]+/giu;
const AFTER_ADDRESS = /[).,;:!?'’\]]+$/u;

// Text with its web addresses as links; anything else, also javascript: and data:, stays text.
export function linked(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(AFTER_ADDRESS, "");
    if (!URL.canParse(address)) continue;
    parts.push(text.slice(at, match.index));
    const link = element("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, address);
    parts.push(link);
    at = match.index + address.length;
  }
  parts.push(text.slice(at));
  return parts;
}
