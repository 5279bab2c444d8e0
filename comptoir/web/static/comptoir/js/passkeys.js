// Passkeys: adding one, and signing in or proving oneself with one. The pages bring what the browser must be asked.

const field = (name) => document.querySelector(`input[name="${name}"], #mfa_${name}`);

function asked() {
  const data = document.getElementById("js_data");
  return data ? JSON.parse(data.textContent) : null;
}

// A browser knows keys by the name of the site: at a bare number it refuses them, whatever one presses.
function refuse(error) {
  const isNameless = error?.name === "SecurityError";
  for (const [id, isHidden] of [["passkey-refused", isNameless], ["passkey-nameless", !isNameless]]) {
    const said = document.getElementById(id);
    if (said) said.hidden = isHidden;
  }
}

async function give(ask) {
  try {
    const input = document.getElementById("mfa_credential") ?? field("credential");
    input.value = JSON.stringify(await ask());
    input.form.submit();
  } catch (error) {
    // Whoever presses “cancel” ends here as well.
    console.info(error);
    refuse(error);
  }
}

function wanted(options) {
  const passwordless = document.querySelector('input[name="passwordless"]')?.checked ?? false;
  const selection = options.publicKey.authenticatorSelection ?? {};
  selection.residentKey = passwordless ? "required" : "discouraged";
  selection.requireResidentKey = passwordless;
  if (passwordless) selection.userVerification = "required";
  return { ...options, publicKey: { ...options.publicKey, authenticatorSelection: selection } };
}

async function signIn(form) {
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return window.webauthnJSON.get((await response.json()).request_options);
}

const acts = {
  mfa_webauthn_add: () => window.webauthnJSON.create(wanted(asked().creation_options)),
  mfa_webauthn_authenticate: () => window.webauthnJSON.get(asked().request_options),
  mfa_webauthn_reauthenticate: () => window.webauthnJSON.get(asked().request_options),
  passkey_login: () => signIn(document.getElementById("mfa_login")),
};

if (window.PublicKeyCredential && window.webauthnJSON) {
  for (const [id, ask] of Object.entries(acts)) {
    const button = document.getElementById(id);
    if (!button) continue;
    button.hidden = false;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      give(ask);
    });
  }
} else if (!document.getElementById("mfa_login")) refuse();
