// What one reads above the end stays where it is while what stands below it grows: what one writes, answers that come.
const scroller = () => document.getElementById("exchange-scroll");
let end = 0; // Where its lower edge was.

const watcher = new ResizeObserver(() => {
  const box = scroller();
  if (!box) return;
  const { bottom } = box.getBoundingClientRect();
  // With column-reverse all is measured from the end, which stays in sight for whoever is there.
  if (box.scrollTop < -40) box.scrollTop += bottom - end;
  end = bottom;
});

function watch() {
  watcher.disconnect();
  if (!scroller()) return;
  end = scroller().getBoundingClientRect().bottom;
  watcher.observe(scroller());
}

document.addEventListener("htmx:afterSettle", (event) => event.detail.target?.id === "conversation" && watch());
watch();
