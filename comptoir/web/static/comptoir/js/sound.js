// Soft notes, made here: no file to load, no voice over the telephone. Each kind has its own; one browser window plays.
let context = null;
let ringing = 0;

const RINGS_EVERY_MS = 3000;
// Pairs of hertz and of seconds after the first.
const RING = [[880, 0], [1109, 0.1], [880, 0.2], [1109, 0.3], [880, 0.4], [1109, 0.5]];
const FOR_ME = [[660, 0], [880, 0.13]];
const WRITTEN = [[784, 0]];
const TROUBLE = [[587, 0], [440, 0.16]];
const NOTES = {
  call: RING, assigned: FOR_ME, addressed: FOR_ME, offered: FOR_ME, consulted: FOR_ME,
  failed: TROUBLE, breach: TROUBLE, bounced: TROUBLE, unanswered: TROUBLE,
};

// The window that is first plays; the others hear nothing of it.
function alone(play) {
  if (!navigator.locks) play();
  else navigator.locks.request("comptoir-sound", { ifAvailable: true }, (lock) => lock && play());
}

export function sound(kind) {
  return alone(() => notes(NOTES[kind] ?? WRITTEN));
}

// As long as the telephone rings.
export function ring() {
  if (ringing) return;
  sound("call");
  ringing = setInterval(() => sound("call"), RINGS_EVERY_MS);
}

export function stopRinging() {
  clearInterval(ringing);
  ringing = 0;
}

// A browser plays nothing in a page that nobody has touched yet, and would play all of it at once later.
function notes(all) {
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return undefined;
  try {
    context ??= new AudioContext();
    context.resume();
    for (const [hertz, after] of all) note(hertz, after);
  } catch {
    // A browser without sound.
  }
  return new Promise((done) => setTimeout(done, 500)); // Until then no other window plays the same.
}

function note(hertz, after) {
  const start = context.currentTime + after;
  const tone = new OscillatorNode(context, { frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.12, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.4);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.45);
}
