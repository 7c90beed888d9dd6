// The timetable board: puts lists in order of time onto a scale of minutes, and lets groups be
// moved by mouse, finger or keyboard. The server decides and sends the board back. Without this
// script the lists stay, and every group has a page on which its place can be typed.
import { startDragging } from "./board/drag.js";
import { startKeyboard } from "./board/keyboard.js";
import { startNews } from "./board/news.js";
import { layOut } from "./board/scale.js";
import { startPosts } from "./board/send.js";
import { startStretching } from "./board/stretch.js";

const wide = window.matchMedia("(min-width: 768px)");

function draw() {
  const board = document.getElementById("board");
  if (board) layOut(board, wide.matches);
}

draw();
// Paper gets the lists: a scale of hours would run over many pages.
window.addEventListener("beforeprint", () => layOut(document.getElementById("board"), false));
window.addEventListener("afterprint", draw);
wide.addEventListener("change", draw);
document.addEventListener("board:replaced", draw);
startDragging();
startKeyboard();
startStretching();
startPosts();
startNews();
