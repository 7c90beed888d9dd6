// The time on stage of a group, changed at its lower end: dragged, or by keyboard (Enter on the end,
// arrows by a minute, Enter again). Never longer than its category allows.

import { lengthen, pixelsPerMinute } from "./scale.js";
import { say, sendLength, sentence } from "./send.js";
import { stopTrying, tryLength } from "./verdict.js";

let held = null;

export const isStretching = () => held !== null;

const number = (slot, name) => Number(slot.dataset[name]);
const lengthOf = (slot) => number(slot, "end") - number(slot, "begin");

function hold(grip, pointer = null, y = 0) {
  const slot = grip.closest("[data-slot]");
  held = { grip, slot, pointer, y, minutes: lengthOf(slot) };
  slot.classList.add("is-dragged");
}

function show(minutes, isSpoken) {
  const { slot } = held;
  held.minutes = Math.min(Math.max(minutes, 1), number(slot, "most"));
  lengthen(slot, held.minutes);
  const long = sentence("long", { minutes: held.minutes });
  slot.querySelector("[data-slot-time]").textContent = long;
  if (isSpoken) say(long);
  tryLength(slot, held.minutes, isSpoken ? long : null);
}

function letGo({ isKept }) {
  const { slot, minutes, grip } = held;
  held = null;
  stopTrying();
  slot.classList.remove("is-dragged");
  const isOther = minutes !== lengthOf(slot);
  lengthen(slot, lengthOf(slot));
  if (isKept && isOther) {
    sendLength(slot, minutes);
    return;
  }
  grip.focus({ preventScroll: true });
  say(sentence("left", { name: slot.dataset.slot }));
}

function onKey(event) {
  const grip = event.target.closest("[data-end-grip]");
  if (!grip) return;
  const isConfirm = event.key === "Enter" || event.key === " ";
  if (!held && !isConfirm) return;
  const deeds = {
    ArrowUp: () => show(held.minutes - 1, true),
    ArrowDown: () => show(held.minutes + 1, true),
    Escape: () => letGo({ isKept: false }),
  };
  if (!held) {
    hold(grip);
    say(sentence("stretched", { name: held.slot.dataset.slot, minutes: held.minutes }));
  } else if (isConfirm) letGo({ isKept: true });
  else if (deeds[event.key]) deeds[event.key]();
  else return;
  event.preventDefault();
}

export function startStretching() {
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("#board.is-timed[data-board] [data-end-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    hold(grip, event.pointerId, event.clientY);
  });
  document.addEventListener("pointermove", (event) => {
    if (held?.pointer !== event.pointerId) return;
    const minutes = Math.round((event.clientY - held.y) / pixelsPerMinute());
    show(lengthOf(held.slot) + minutes, false);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, (event) => {
      if (held?.pointer === event.pointerId) letGo({ isKept: end === "pointerup" });
    });
  }
  document.addEventListener("keydown", onKey);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held?.pointer != null) letGo({ isKept: false });
  });
  document.addEventListener("focusout", (event) => {
    if (held?.pointer === null && event.target === held.grip) letGo({ isKept: false });
  });
}
