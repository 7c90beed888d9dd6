// Moving a group by keyboard: Enter on its handle lifts it, arrows carry it by a minute (with Shift
// by ten), Enter puts it down, S swaps it with the group that it covers, Escape leaves it where it
// was. Everything is said as well as shown.

import { chooseOnto, coveredBy } from "./onto.js";
import { clockText, goHome, placeSlot, withinDay } from "./scale.js";
import { say, sendMove, sentence } from "./send.js";
import { stopTrying, tryPlace } from "./verdict.js";

const LONG_STEP = 10;
const PAGE_MINUTES = 60;

let lifted = null;

export const isLifted = () => lifted !== null;

function lift(grip) {
  const slot = grip.closest("[data-slot]");
  const home = slot.parentElement;
  const isPlaced = slot.dataset.unplaced === undefined;
  // Who has no time yet begins at the first stage's opening.
  const lane = isPlaced ? home : document.querySelector("#board [data-lane]");
  const begin = Number(isPlaced ? slot.dataset.begin : lane.closest("[data-date]").dataset.begin);
  lifted = { grip, slot, home, lane, begin };
  slot.classList.add("is-dragged");
  say(sentence("lifted", { name: slot.dataset.slot }));
}

function carry(minutes, lanes) {
  const { slot } = lifted;
  const day = lifted.lane.closest("[data-date]");
  const all = [...day.querySelectorAll("[data-lane]")];
  const index = all.indexOf(lifted.lane) + lanes;
  lifted.lane = all[Math.min(Math.max(index, 0), all.length - 1)];
  lifted.begin = withinDay(slot, day, lifted.begin + minutes, 1);
  lifted.lane.append(slot);
  placeSlot(slot, lifted.begin);
  lifted.grip.focus({ preventScroll: true });
  slot.scrollIntoView({ block: "nearest" });
  const place = sentence("at", { time: clockText(lifted.begin), venue: lifted.lane.dataset.venue });
  say(place);
  tryPlace(slot, lifted.lane, lifted.begin, { spoken: place });
}

function putDown({ isKept }) {
  const { slot, home, lane, begin, grip } = lifted;
  lifted = null;
  stopTrying();
  slot.classList.remove("is-dragged");
  home.append(slot);
  const isElsewhere = lane !== home || begin !== Number(slot.dataset.begin);
  if (isKept && isElsewhere) {
    sendMove(slot, lane, begin);
    return;
  }
  goHome(slot);
  grip.focus();
  say(sentence("left", { name: slot.dataset.slot }));
}

/** Asks whether to swap with the group beneath; what is lifted stays so if there is none. */
function offerSwap() {
  const { slot, home, lane, begin, grip } = lifted;
  const other = coveredBy(slot, lane, begin);
  if (!other) {
    say(sentence("alone", { name: slot.dataset.slot }));
    return;
  }
  lifted = null;
  stopTrying();
  slot.classList.remove("is-dragged");
  home.append(slot);
  goHome(slot);
  chooseOnto({ slot, other, lane, begin, leave: () => grip.focus() });
}

function onKey(event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip) return;
  const isConfirm = event.key === "Enter" || event.key === " ";
  if (!lifted) {
    if (!isConfirm) return;
    event.preventDefault();
    lift(grip);
    return;
  }
  const step = event.shiftKey ? LONG_STEP : 1;
  const deeds = {
    ArrowUp: () => carry(-step, 0),
    ArrowDown: () => carry(step, 0),
    PageUp: () => carry(-PAGE_MINUTES, 0),
    PageDown: () => carry(PAGE_MINUTES, 0),
    ArrowLeft: () => carry(0, -1),
    ArrowRight: () => carry(0, 1),
    Enter: () => putDown({ isKept: true }),
    " ": () => putDown({ isKept: true }),
    s: offerSwap,
    Escape: () => putDown({ isKept: false }),
  };
  const deed = deeds[event.key] ?? deeds[event.key.toLowerCase()];
  if (!deed) return;
  event.preventDefault();
  deed();
}

/** Ctrl+Z and Ctrl+Shift+Z (on a Mac with Command) press the buttons; in fields they are typing's. */
function onStep(event) {
  const isStep = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (!isStep || lifted || event.target.closest("input, select, textarea")) return;
  const step = document.querySelector(event.shiftKey ? "[data-board-redo]" : "[data-board-undo]");
  if (!step) return;
  event.preventDefault();
  step.click();
}

export function startKeyboard() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("keydown", onStep);
  document.addEventListener("focusout", (event) => {
    // Appending to another lane takes the focus away for a moment; leaving for good gives up.
    const { target } = event;
    setTimeout(() => {
      if (lifted && target === lifted.grip && document.activeElement !== target) {
        putDown({ isKept: false });
      }
    }, 0);
  });
}
