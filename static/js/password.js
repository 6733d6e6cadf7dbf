// A button beside each password that shows what was typed; the words come from the page, in its language.

export function addPasswordButtons(root) {
  for (const frame of root.querySelectorAll("[data-password]")) addButton(frame);
}

function addButton(frame) {
  const input = frame.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "password__button";
  button.setAttribute("aria-controls", input.id);
  frame.append(button);
  frame.classList.add("password--button");

  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? frame.dataset.hide : frame.dataset.show;
    button.setAttribute("aria-label", visible ? frame.dataset.hideLabel : frame.dataset.showLabel);
  };
  show(false);
  input.setAttribute("spellcheck", "false");
  input.setAttribute("autocapitalize", "none");
  button.addEventListener("click", () => show(input.type === "password"));
  // A visible password would be remembered by the browser as ordinary text.
  input.form?.addEventListener("submit", () => show(false));
}
