// One stream for all pages that nobody looks at: a browser opens six connections to a host over HTTP/1.1, and a seventh
// page would wait for ever. Pages in sight have their own; the others hear what any of those, or one among them, tells.

const SILENCE_MS = 45_000; // The server speaks every 15 s: three times silent is gone.
const LOOKS_EVERY_MS = 10_000;
const ANSWERS_WITHIN_MS = 1500; // Longer than it takes to go from one page to the next.
const PAUSE_MS = 3000;
const MOST_PAUSE_MS = 60_000;
const SHARED = ["beat", "conversations", "notified", "colleagues", "resync", "again"];
const me = Math.random();
let source = null;
let channel = null;
let heardAt = 0;
let pause = PAUSE_MS;

// `begin` opens the stream and hands each piece of news to its argument; `leave` is called when this page gives it up.
export function keepHearing(begin, { hear, leave }) {
  const tell = (news) => channel?.postMessage({ ...news, from: me, isInSight: !document.hidden });

  function take(news) {
    heardAt = Date.now();
    hear(news);
    if (SHARED.includes(news.name)) tell(news);
  }

  function open({ isTakingOver = false } = {}) {
    source?.close();
    heardAt = Date.now();
    const mine = (source = begin(take));
    mine.addEventListener("error", () => {
      if (mine.readyState !== EventSource.CLOSED) return;
      setTimeout(() => mine === source && open(), pause * (1 + Math.random()));
      pause = Math.min(2 * pause, MOST_PAUSE_MS); // Whoever is signed out is refused for ever.
    });
    mine.addEventListener("open", () => {
      pause = PAUSE_MS;
      if (isTakingOver) take({ name: "again" }); // For a moment nobody has heard.
    });
  }

  // Somebody else may hear for us; where nobody answers we hear for ourselves, and for whoever asks later.
  function seek() {
    const askedAt = Date.now();
    tell({ name: "ask" });
    setTimeout(() => source || heardAt >= askedAt || open({ isTakingOver: true }), ANSWERS_WITHIN_MS * (1 + Math.random()));
  }

  function overhear({ data: news }) {
    if (news.name === "ask") {
      if (source?.readyState === EventSource.OPEN) tell({ name: "beat" });
    } else if (news.name === "gone") {
      if (!source) seek();
    } else if (document.hidden) {
      if (source && !(news.isInSight || news.from < me || source.readyState !== EventSource.OPEN)) return;
      rest();
      heardAt = Date.now();
      hear(news);
    }
  }

  function rest() {
    if (!source) return;
    source.close();
    source = null;
    leave();
  }

  const begun = () => (document.hidden && channel && !source ? seek() : open());

  function meet() {
    channel = "BroadcastChannel" in window ? new BroadcastChannel("comptoir-live") : null;
    channel?.addEventListener("message", overhear);
    begun();
  }

  meet();
  setInterval(() => Date.now() - heardAt > SILENCE_MS && begun(), LOOKS_EVERY_MS);
  document.addEventListener("visibilitychange", () => document.hidden || source || open());
  window.addEventListener("online", () => begun());
  window.addEventListener("pagehide", () => {
    if (source) tell({ name: "gone" });
    source?.close();
    source = null;
    channel?.close(); // A page that is kept for the way back must hold nothing open.
  });
  window.addEventListener("pageshow", (event) => event.persisted && meet());
}
