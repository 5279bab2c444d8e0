// The exchange with the counter: what was said, what waits to be sent, who types; announces every change of it.
import { newId } from "./keeping.js";

const OPEN_EVERY_MS = 2_000;
const QUIET_EVERY_MS = 5_000;
const CLOSED_EVERY_MS = 15_000;
const HIDDEN_EVERY_MS = 60_000;
const LONGEST_PAUSE_MS = 60_000;
const QUIET_AFTER_MS = 120_000;
const AWAITS_FOR_MS = 15 * 60_000;
const TYPING_EVERY_MS = 4_000;
const STORED_SHOWN_MS = 24 * 3_600_000;

export class Exchange extends EventTarget {
  #line;
  #keeping;
  #language;
  #answersByMail;
  #knowsAddress = false;
  #told = new Set();
  #files = new Map();
  #latest = [];
  #earlier = [];
  #timer = 0;
  #failures = 0;
  #changedAt = 0;
  #typedAt = 0;
  #isFlushing = false;
  #isAsking = false;
  #isWanted = false;
  #askedToWaitMs = 0;
  #warned = false;

  isOpenCounter;
  nextOpeningAt;
  isTyping = false;
  isCutOff = false;
  isAttended = false;
  earlierCursor = null;

  constructor(line, keeping, counter, language) {
    super();
    this.#line = line;
    this.#keeping = keeping;
    this.#language = language;
    this.isOpenCounter = counter.is_open;
    this.nextOpeningAt = counter.next_opening_at;
    this.#answersByMail = counter.answers_by_mail;
  }

  start() {
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.#announce());
    addEventListener("storage", (event) => event.key?.startsWith("comptoir:") && this.wake());
    document.addEventListener("visibilitychange", () => this.wake());
    this.wake();
  }

  restart() {
    [this.#latest, this.#earlier, this.earlierCursor] = [[], [], null];
    this.#told.clear();
    this.#files.clear();
    this.#knowsAddress = false;
    this.#line.forgetTag();
    this.#announce();
  }

  // Everything said, in order: what the counter has, then what it has not shown us yet.
  get messages() {
    const known = [...this.#earlier, ...this.#latest];
    const ids = new Set(known.map((message) => message.id));
    return [...known, ...this.#waiting().filter((message) => !ids.has(message.id))];
  }

  get unread() {
    return this.#latest.filter((message) => message.from === "counter" && message.state !== "read").length;
  }

  get needsAddress() {
    if (this.isOpenCounter || !this.#answersByMail) return false;
    return !this.#line.isSignedIn && !this.#keeping.get("email") && !this.#knowsAddress;
  }

  say(text, files, about = {}) {
    const message = { id: newId(), text, sent_at: Date.now(), state: "sending", ...about };
    if (!this.isOpenCounter) message.after_hours = true;
    if (about.email) this.#keeping.set("email", about.email);
    if (files.length) {
      this.#files.set(message.id, files);
      message.names = files.map((file) => file.name);
    }
    this.#keeping.queue(message);
    this.#keeping.noteWritten();
    this.#announce();
    this.wake();
  }

  discard(id) {
    this.#keeping.drop(`queue:${id}`);
    this.#files.delete(id);
    this.#announce();
  }

  noteTyping() {
    if (Date.now() - this.#typedAt < TYPING_EVERY_MS || !this.#latest.length) return;
    this.#typedAt = Date.now();
    this.#line.typing().catch(() => {});
  }

  attend(isAttended) {
    this.isAttended = isAttended;
    if (isAttended) this.#changedAt = Date.now();
    this.wake();
  }

  file(id) {
    return this.#line.file(id);
  }

  async loadEarlier() {
    const page = await this.#line.earlier(this.earlierCursor);
    this.#earlier = [...page.messages, ...this.#earlier];
    this.earlierCursor = page.earlier;
    this.#announce();
  }

  // Send and ask now, then again after the pause that fits.
  wake() {
    clearTimeout(this.#timer);
    this.#isWanted = this.#isAsking;
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#round().finally(() => {
      this.#isAsking = false;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.wake(), this.#isWanted ? 0 : this.#pauseMs());
    });
  }

  #pauseMs() {
    if (this.#failures) {
      const pause = Math.min(1_000 * 2 ** this.#failures, LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2);
      return Math.max(pause, this.#askedToWaitMs);
    }
    if (document.hidden) return HIDDEN_EVERY_MS;
    if (!this.isAttended) return this.#awaitsAnswer() ? QUIET_EVERY_MS : CLOSED_EVERY_MS;
    return Date.now() - this.#changedAt > QUIET_AFTER_MS ? QUIET_EVERY_MS : OPEN_EVERY_MS;
  }

  #awaitsAnswer() {
    const last = this.#latest.at(-1);
    return last?.from === "visitor" && Date.now() - new Date(last.sent_at) < AWAITS_FOR_MS;
  }

  async #round() {
    try {
      await this.#flush();
      if (this.#keeping.hasWritten || this.#line.isSignedIn || this.isAttended) await this.#fetch();
      this.#failures = 0;
      this.#noteCutOff(false);
    } catch (error) {
      this.#failures += 1;
      this.#askedToWaitMs = (error.retryAfterS ?? 0) * 1_000;
      this.#noteCutOff(error.status === 0);
    }
  }

  #noteCutOff(isCutOff) {
    if (isCutOff === this.isCutOff) return;
    this.isCutOff = isCutOff;
    this.#announce();
  }

  async #fetch() {
    const answer = await this.#line.messages();
    if (answer) {
      this.#latest = answer.messages;
      if (!this.#earlier.length) this.earlierCursor = answer.earlier;
      this.isTyping = answer.typing;
      this.isOpenCounter = answer.is_open;
      this.#knowsAddress = answer.knows_address;
      this.nextOpeningAt = answer.next_opening_at;
      this.#changedAt = Date.now();
      if (answer.messages.length) this.#keeping.noteWritten();
      this.#warnOfIdentity(answer.identity);
      this.#dropShown();
      this.#announce();
    }
    await this.#acknowledge();
  }

  // Receipts: delivered once we have it, read once it was on a screen that somebody looks at.
  async #acknowledge() {
    const seen = this.isAttended && !document.hidden;
    const ours = this.#latest.filter((message) => message.from === "counter" && message.state !== "read");
    const kind = seen ? "read" : "delivered";
    const targets = ours
      .filter((message) => (seen || message.state === "sent") && !this.#told.has(kind + message.id))
      .map((message) => message.id);
    if (!targets.length) return;
    await this.#line.post({ events: [{ type: kind, target_ids: targets, sent_at: Date.now() }] });
    for (const id of targets) this.#told.add(kind + id);
  }

  async #flush() {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      for (const message of this.#keeping.queued().filter((one) => one.state === "sending")) await this.#send(message);
    } finally {
      this.#isFlushing = false;
    }
  }

  async #send(message) {
    const { id, text, sent_at, email, name, after_hours } = message;
    const event = { type: "message", id, text, sent_at, email, name, after_hours };
    const post = { events: [event], language: this.#language, page: { url: location.origin + location.pathname } };
    const files = this.#files.get(id);
    try {
      if (message.names && !files) throw Object.assign(new Error(), { code: "files_lost", mayPass: false });
      await (files ? this.#line.postWithFiles(post, files) : this.#line.post(post));
      this.#keeping.queue({ ...message, state: "stored" });
      this.#files.delete(id);
    } catch (error) {
      if (error.mayPass) throw error;
      this.#keeping.queue({ ...message, state: "failed", reason: error.code || "refused" });
    }
    this.#announce();
  }

  // Files live as long as the page; text that waits outlives it.
  #waiting() {
    return this.#keeping.queued().map((message) => ({
      id: message.id,
      from: "visitor",
      author: null,
      text: message.text,
      sent_at: new Date(message.sent_at).toISOString(),
      state: message.state === "stored" ? "sent" : message.state,
      reason: message.reason,
      files: (message.names ?? []).map((name) => ({ name, state: "sending" })),
    }));
  }

  #dropShown() {
    const shown = new Set(this.#latest.map((message) => message.id));
    for (const message of this.#keeping.queued()) {
      const isOld = message.state === "stored" && Date.now() - message.sent_at > STORED_SHOWN_MS;
      if (shown.has(message.id) || isOld) this.#keeping.drop(`queue:${message.id}`);
    }
  }

  #warnOfIdentity(identity) {
    if (identity !== "refused" || this.#warned) return;
    this.#warned = true;
    console.warn(
      "Comptoir: the signature in data-identity-hmac does not fit data-identity; this visitor stays anonymous. See docs/chat.md.",
    );
  }

  #announce() {
    this.dispatchEvent(new Event("change"));
  }
}
