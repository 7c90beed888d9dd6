// Moving a group by mouse or finger. The slot itself follows in steps of minutes, so that what is
// seen while dragging is what will be sent.

import { chooseOnto, coveredBy } from "./onto.js";
import { goHome, pixelsPerMinute, placeSlot, withinDay } from "./scale.js";
import { sendMove, sentence, showToast } from "./send.js";
import { stopTrying, tryPlace } from "./verdict.js";

const START_AFTER_PIXELS = 4;
const EDGE_PIXELS = 70;
const SCROLL_PIXELS = 14;

let drag = null;

export const isDragging = () => drag !== null;

function grab(event) {
  const slot = event.target.closest("#board.is-timed[data-board] [data-slot]");
  const grip = event.target.closest("[data-grip]");
  if (!slot || event.button !== 0 || event.target.closest("[data-end-grip]")) return;
  // A finger on the card scrolls the page; only the handle takes hold of it.
  if (event.pointerType !== "mouse" && !grip) return;
  if (!grip && event.target.closest("button")) return;
  const { top } = slot.getBoundingClientRect();
  const home = slot.parentElement;
  drag = {
    slot,
    // A lane, or the tray of those who have no time yet.
    home,
    lane: home,
    begin: Number(slot.dataset.begin),
    grabbedAt: event.clientY - top,
    from: [event.clientX, event.clientY],
    isMoving: false,
    pointer: event.pointerId,
  };
}

function follow(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const [x, y] = drag.from;
  const distance = Math.hypot(event.clientX - x, event.clientY - y);
  if (!drag.isMoving && distance < START_AFTER_PIXELS) return;
  if (drag.slot.dataset.locked !== undefined) {
    if (!drag.isHeld) showToast(sentence("held", { name: drag.slot.dataset.slot }));
    drag.isHeld = true;
    return;
  }
  drag.isMoving = true;
  drag.slot.classList.add("is-dragged");
  scrollAtEdges(event.clientY);
  const lane = laneAt(event) ?? drag.lane;
  if (lane.dataset.lane !== undefined) hover(lane, event);
}

function laneAt(event) {
  const under = document.elementsFromPoint(event.clientX, event.clientY);
  return under.find((element) => element.matches("[data-lane]"));
}

function hover(lane, event) {
  const day = lane.closest("[data-date]");
  const step = Number(document.getElementById("board").dataset.step);
  const offset = event.clientY - drag.grabbedAt - lane.getBoundingClientRect().top;
  const wish = Number(day.dataset.begin) + offset / pixelsPerMinute();
  if (lane !== drag.lane) {
    drag.lane.classList.remove("is-target");
    lane.append(drag.slot);
    drag.lane = lane;
  }
  lane.classList.add("is-target");
  drag.begin = withinDay(drag.slot, day, wish, step);
  placeSlot(drag.slot, drag.begin);
  aimAt(groupUnder(event, lane));
  tryPlace(drag.slot, lane, drag.begin, { other: drag.other });
}

/** The group under the pointer, if the carried one would cover it. */
function groupUnder(event, lane) {
  const covered = coveredBy(drag.slot, lane, drag.begin);
  const isUnder = document.elementsFromPoint(event.clientX, event.clientY).includes(covered);
  return isUnder ? covered : null;
}

function aimAt(other) {
  drag.other?.classList.remove("is-aimed-at");
  drag.other = other;
  other?.classList.add("is-aimed-at");
}

function scrollAtEdges(y) {
  if (y < EDGE_PIXELS) window.scrollBy(0, -SCROLL_PIXELS);
  if (y > window.innerHeight - EDGE_PIXELS) window.scrollBy(0, SCROLL_PIXELS);
}

function release(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { slot, lane, home, begin, other, isMoving, isHeld } = drag;
  putDown();
  if (isHeld) {
    swallowClick();
    return;
  }
  const isElsewhere = lane !== home || begin !== Number(slot.dataset.begin);
  home.append(slot);
  const isPut = isMoving && isElsewhere && event.type === "pointerup";
  if (isMoving && (other || !isPut)) goHome(slot);
  if (isPut && other) chooseOnto({ slot, other, lane, begin, leave: () => {} });
  else if (isPut) sendMove(slot, lane, begin);
  if (isMoving) swallowClick();
}

function putDown() {
  aimAt(null);
  drag.slot.classList.remove("is-dragged");
  drag.lane.classList.remove("is-target");
  drag = null;
  stopTrying();
}

/** The click that ends a drag shall not follow the link under it. */
function swallowClick() {
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
}

export function startDragging() {
  document.addEventListener("pointerdown", grab);
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", release);
  document.addEventListener("pointercancel", release);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag) return;
    const { slot, home } = drag;
    putDown();
    home.append(slot);
    goHome(slot);
  });
}
