// Browsers that cannot show the content of a closed disclosure by style get it opened, where the screen has room for it.

export function openMenuWhereNeeded(root) {
  const menu = root.querySelector("[data-menu]");
  if (!menu) return;
  const wide = window.matchMedia("(min-width: 52.01rem)");
  if (!CSS.supports("selector(::details-content)")) menu.open = wide.matches;
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || wide.matches || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
