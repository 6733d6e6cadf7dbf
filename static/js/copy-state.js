// A page that waits for a copy looks by itself whether there is something new to say, for a few minutes. Without script a
// link does the same.

const PAUSE = 3000;
const MOST_LOOKS = 100;

export function watchCopy(document) {
  const shown = document.querySelector("[data-copy-state]");
  if (shown && shown.dataset.copyState !== "done") setTimeout(look, PAUSE, shown.dataset.copyState, MOST_LOOKS);
}

async function look(state, looks) {
  try {
    // A log-in that has ended is left for the next click.
    const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.querySelector("[data-copy-state]")?.dataset.copyState !== state) {
      location.reload();
      return;
    }
  } catch {
    // The network was away for a moment.
  }
  if (looks > 1) setTimeout(look, PAUSE, state, looks - 1);
}
