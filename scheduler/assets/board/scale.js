// Minutes to pixels and back. Positions are set through the style object, which a strict content
// policy allows; the style sheet draws the hour lines with the same number.

const PIXELS_PER_HOUR = 240;

/** The style sheet gives each size of the board its hour. */
export function pixelsPerMinute() {
  const hour = getComputedStyle(document.getElementById("board")).getPropertyValue("--hour");
  return (Number.parseFloat(hour) || PIXELS_PER_HOUR) / 60;
}

const minutesOf = (element, name) => Number(element.dataset[name]);

/** What reaches beyond its day, as a closure from midnight to midnight does, is cut at its edges. */
function within(day, minute) {
  return Math.min(Math.max(minute, minutesOf(day, "begin")), minutesOf(day, "end"));
}

function stretch(element, origin, begin, end, scale) {
  element.style.top = `${(begin - origin) * scale}px`;
  element.style.height = `${Math.max(0, end - begin) * scale}px`;
}

/** Puts a slot and what belongs to it at `begin`, as if it were planned there. */
export function placeSlot(slot, begin, scale = pixelsPerMinute()) {
  const origin = minutesOf(slot.closest("[data-date]"), "begin");
  const shift = begin - minutesOf(slot, "begin");
  stretch(slot, origin, begin, minutesOf(slot, "end") + shift, scale);
  for (const part of slot.querySelectorAll(".slot-warmup, .slot-changeover")) {
    // These lie inside the slot, so their origin is its own beginning.
    stretch(part, minutesOf(slot, "begin"), minutesOf(part, "begin"), minutesOf(part, "end"), scale);
    if (part.dataset.room) part.style.right = `${4 + (minutesOf(part, "room") - 1) * 9}px`;
  }
  slot.querySelector("[data-slot-time]").textContent = clockText(begin);
}

/** Shows a slot as if it took so many minutes, and right again when those are its own. */
export function lengthen(slot, minutes) {
  const [begin, end] = [minutesOf(slot, "begin"), minutesOf(slot, "end")];
  placeSlot(slot, begin);
  if (minutes === end - begin) return;
  const scale = pixelsPerMinute();
  slot.style.height = `${minutes * scale}px`;
  const changeover = slot.querySelector(".slot-changeover");
  changeover.style.top = `${minutes * scale}px`;
}

/** Shows a slot where it stands: at its minute, or in the tray of those who have none. */
export function goHome(slot) {
  if (slot.dataset.unplaced === undefined) {
    placeSlot(slot, minutesOf(slot, "begin"));
    return;
  }
  slot.removeAttribute("style");
  slot.querySelector("[data-slot-time]").textContent = "";
}

/** Arranges the whole board on the scale, or, on narrow screens, as plain lists. */
export function layOut(board, isTimed) {
  board.classList.toggle("is-timed", isTimed);
  for (const element of board.querySelectorAll("[data-grip], [data-end-grip], [data-board-hint]")) {
    element.hidden = !isTimed;
  }
  const scale = pixelsPerMinute();
  for (const day of board.querySelectorAll("[data-date]")) {
    const origin = minutesOf(day, "begin");
    const height = (minutesOf(day, "end") - origin) * scale;
    for (const lane of day.querySelectorAll("[data-lane]")) {
      lane.style.height = isTimed ? `${height}px` : "";
      for (const child of lane.children) {
        if (!isTimed) child.removeAttribute("style");
        else if (child.dataset.slot !== undefined) placeSlot(child, minutesOf(child, "begin"), scale);
        else stretch(child, origin, within(day, minutesOf(child, "begin")), within(day, minutesOf(child, "end")), scale);
      }
    }
  }
}

export function clockText(minute) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Keeps a beginning on the step and the whole slot inside its day. */
export function withinDay(slot, day, begin, step) {
  const length = minutesOf(slot, "end") - minutesOf(slot, "begin");
  const stepped = Math.round(begin / step) * step;
  const latest = minutesOf(day, "end") - length;
  return Math.min(Math.max(stepped, minutesOf(day, "begin")), latest);
}
