// Others' changes arrive by themselves: every few seconds the server is asked whether the draft was
// changed since the board was made, and answers with nothing or with what looks different now.

import { isDragging } from "./drag.js";
import { isLifted } from "./keyboard.js";
import { board, partOf, replaceBoard, showToast, shown } from "./send.js";
import { isStretching } from "./stretch.js";

const PAUSE_MILLISECONDS = 4000;
const LONGEST_PAUSE_MILLISECONDS = 60000;

let pause = PAUSE_MILLISECONDS;
let timer;

/** Whoever carries a group, waits for an answer or is asked something is not interrupted. */
function isBusy() {
  const isAsked = document.querySelector("dialog[open]") !== null;
  return isDragging() || isLifted() || isStretching() || isAsked || board().hasAttribute("aria-busy");
}

async function ask() {
  const { news, edition } = board().dataset;
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries({ since: edition, ...shown() })) query.set(name, value);
  const answer = await fetch(`${news}?${query}`, { redirect: "error" }).catch(() => null);
  // After a failure it is asked ever less often: the server may be down, or the session over.
  pause = answer?.ok ? PAUSE_MILLISECONDS : Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
  if (answer?.status !== 200) return;
  const part = partOf(await answer.text());
  // A move of one's own may have brought a newer board while this one was on its way.
  if (!part || isBusy() || board().dataset.edition !== edition) return;
  replaceBoard(part, focusedSlot());
  const told = part.querySelector("[data-board-news]");
  if (told) showToast(told.textContent.replace(/\s+/g, " ").trim());
}

const focusedSlot = () => document.activeElement?.closest("[data-slot]")?.id;

async function turn() {
  clearTimeout(timer);
  if (document.hidden) return;
  if (board()?.dataset.news && !isBusy()) await ask();
  clearTimeout(timer);
  timer = setTimeout(turn, pause);
}

export function startNews() {
  timer = setTimeout(turn, pause);
  document.addEventListener("visibilitychange", turn);
}
