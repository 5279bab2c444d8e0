// The counter as an application of the computer: its worker, and the number on its icon.

if ("serviceWorker" in navigator && window.isSecureContext) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/service-worker.js").catch(() => {}));
}

const icon = document.querySelector('link[rel="icon"]');
const plainIcon = icon?.href;
const NAME = " · Comptoir";
let plainTitle = document.title;
let shown = 0;
let caller = "";

function tellInTitle() {
  const count = shown ? `(${shown > 99 ? "99+" : shown}) ` : "";
  document.title = caller ? `☎ ${caller} · ${plainTitle}` : count + plainTitle;
}

// Who calls comes before how much is new; empty when nobody does any more.
export function titleCaller(name) {
  if (name === caller) return;
  caller = name;
  tellInTitle();
}

// A conversation that opens in the page names it, as its own page would.
document.addEventListener("htmx:afterSettle", (event) => {
  const name = event.detail.target?.id === "conversation" && document.getElementById("conversation-title");
  if (!name) return;
  plainTitle = name.textContent.trim() + NAME;
  tellInTitle();
});

// How much is new, on the tab, in the title and on the application's icon; 0 takes it away.
export function badge(count) {
  if (count === shown) return;
  shown = count;
  tellInTitle();
  if (navigator.setAppBadge) (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
  drawIcon(count);
}

function drawIcon(count) {
  if (!icon) return;
  if (!count) {
    icon.href = plainIcon;
    return;
  }
  const picture = new Image();
  picture.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0, 64, 64);
    pen.fillStyle = "#b3261e";
    pen.beginPath();
    pen.arc(46, 18, 18, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = "#ffffff";
    pen.font = `bold ${count > 9 ? 20 : 26}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(count > 99 ? "99" : String(count), 46, 19);
    icon.href = canvas.toDataURL("image/png");
  });
  picture.src = plainIcon;
}
