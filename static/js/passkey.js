// Passkeys are the one thing here that needs script: the browser alone can ask the device. Forms stay hidden without it.

export function offerPasskeys(root) {
  if (!window.PublicKeyCredential) return;
  for (const part of root.querySelectorAll("[data-passkey-missing]")) part.hidden = true;
  for (const form of root.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      // The first press asks the device; the form is sent with its answer.
      event.stopImmediatePropagation();
      ask(form).catch(() => show(form));
    }, { capture: true });
  }
}

async function ask(form) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body, credentials: "same-origin" });
  // The server asks who one is first; its answer leads back to this page.
  if (answer.redirected) return location.assign(answer.url);
  if (!answer.ok) throw new Error("no challenge");
  const options = await answer.json();
  const made = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: readCreation(options) })
    : await navigator.credentials.get({ publicKey: readRequest(options) });
  form.elements.credential.value = JSON.stringify(written(made));
  form.requestSubmit();
}

function show(form) {
  const message = form.querySelector("[data-passkey-failed]");
  if (message) message.hidden = false;
}

function readCreation(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map(readDescriptor),
  };
}

function readRequest(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: (options.allowCredentials ?? []).map(readDescriptor),
  };
}

const readDescriptor = (one) => ({ ...one, id: bytes(one.id) });

function written(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = text(response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts };
}

function bytes(encoded) {
  const plain = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
