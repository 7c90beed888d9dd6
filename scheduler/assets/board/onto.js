// A group that is put down on another: the two may be swapped, or it stays there all the same. What
// each way breaks is asked of the server and shown beside its button.

import { answerAbout } from "./verdict.js";
import { sendMove, sendSwap, sentence } from "./send.js";

const minutes = (slot, name) => Number(slot.dataset[name]);

/** The group of a lane that a carried one covers most; none that is locked, or when it comes from
 * the tray and has no place to give. */
export function coveredBy(slot, lane, begin) {
  if (slot.dataset.unplaced !== undefined) return null;
  const end = begin + minutes(slot, "end") - minutes(slot, "begin");
  const shared = (other) =>
    Math.min(end, minutes(other, "end")) - Math.max(begin, minutes(other, "begin"));
  const others = [...lane.querySelectorAll("[data-slot]:not([data-locked])")]
    .filter((other) => other !== slot && shared(other) > 0)
    .sort((one, other) => shared(other) - shared(one));
  return others[0] ?? null;
}

/** Asks what to do; `leave` is called when nothing shall change. */
export async function chooseOnto({ slot, other, lane, begin, leave }) {
  const dialog = document.getElementById("onto");
  const [name, otherName] = [slot, other].map((each) => each.dataset.slot);
  dialog.querySelector("[data-onto-title]").textContent = sentence("onto", { name, other: otherName });
  dialog.querySelectorAll("[data-way]").forEach((told) => told.remove());
  const ways = {
    swap: () => sendSwap(slot, other),
    place: () => sendMove(slot, lane, begin),
    leave,
  };
  dialog.returnValue = "leave";
  dialog.onclick = (event) => {
    const chosen = event.target.closest("[data-choose]");
    if (chosen) dialog.close(chosen.dataset.choose);
  };
  dialog.onclose = () => (ways[dialog.returnValue] ?? leave)();
  dialog.showModal();
  for (const told of await answerAbout(slot, lane, begin, other)) {
    dialog.querySelector(`[data-onto="${told.dataset.way}"]`)?.prepend(told);
  }
}
