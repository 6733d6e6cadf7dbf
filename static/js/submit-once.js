// An impatient second press sends nothing twice. The button is not disabled, so that its name still travels with the form.

export function preventDoubleSubmit(target) {
  target.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "repeatable" in form.dataset || event.defaultPrevented) return;
    if ("sent" in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    mark(form, true);
  });
  // Coming back with the browser's button must find a form that can be sent again.
  target.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      mark(form, false);
    }
  });
}

function mark(form, sent) {
  for (const button of form.querySelectorAll('button[type="submit"]')) {
    if (sent) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}
