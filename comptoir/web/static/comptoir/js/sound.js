// Two soft notes, made here: no file to load, no voice over the telephone.
let context = null;

export function sound() {
  try {
    context ??= new AudioContext();
    context.resume();
    note(660, 0);
    note(880, 0.13);
  } catch {
    // A browser without sound, or one that has not been touched yet.
  }
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
