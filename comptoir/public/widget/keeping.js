// What stays in this browser: the visitor's secret, what is not sent yet, a few words about them. Where storage is
// refused, it lasts as long as the page.

export class Keeping {
  #prefix;
  #memory = new Map();

  constructor(key) {
    this.#prefix = `comptoir:${key}:`;
  }

  get token() {
    const kept = this.get("token");
    if (kept) return kept;
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const token = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    this.set("token", token);
    return token;
  }

  // Whether this visitor ever wrote: before that there is nothing to ask the counter for.
  get hasWritten() {
    return this.get("written") === "yes";
  }

  noteWritten() {
    this.set("written", "yes");
  }

  get(name) {
    try {
      return localStorage.getItem(this.#prefix + name) ?? this.#memory.get(name) ?? null;
    } catch {
      return this.#memory.get(name) ?? null;
    }
  }

  set(name, text) {
    this.#memory.set(name, text);
    try {
      localStorage.setItem(this.#prefix + name, text);
    } catch {
      // Kept in memory only.
    }
  }

  drop(name) {
    this.#memory.delete(name);
    try {
      localStorage.removeItem(this.#prefix + name);
    } catch {
      // It was in memory only.
    }
  }

  // One entry a message, so that two tabs never overwrite each other's.
  queue(message) {
    this.set(`queue:${message.id}`, JSON.stringify(message));
  }

  queued() {
    const found = [];
    for (const name of this.#names()) {
      if (!name.startsWith("queue:")) continue;
      try {
        found.push(JSON.parse(this.get(name)));
      } catch {
        this.drop(name);
      }
    }
    return found.filter(Boolean).sort((one, other) => one.sent_at - other.sent_at);
  }

  forget() {
    for (const name of this.#names()) this.drop(name);
  }

  #names() {
    const names = new Set(this.#memory.keys());
    try {
      for (let at = 0; at < localStorage.length; at += 1) {
        const name = localStorage.key(at);
        if (name.startsWith(this.#prefix)) names.add(name.slice(this.#prefix.length));
      }
    } catch {
      // Only what is in memory.
    }
    return [...names];
  }
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
