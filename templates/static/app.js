// Small comforts; every page works without them, except that a row of a rule
// can only be added with htmx.
"use strict";

// Buttons that only work with this script are shown from now on.
document.documentElement.classList.add("scripted");

// The token of the page's forms, for requests that htmx makes.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf"]');
  if (token) event.detail.headers["X-CSRF-Token"] = token.content;
});

// In a tab's session pages are exchanged in place: error pages too, and what is
// done once for a page is done for each.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (document.body.dataset.tab === undefined || event.detail.target !== document.body) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== document.body) return;
  window.scrollTo(0, 0);
  enhance();
});

// htmx leaves the page as it is when a request fails: say so.
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, (event) => {
    const target = event.detail.target;
    target.querySelectorAll("[data-loading], [data-failure]").forEach((old) => old.remove());
    const note = document.createElement("p");
    note.className = "alert alert-warning";
    note.setAttribute("role", "alert");
    note.dataset.failure = "";
    note.textContent = document.body.dataset.failed;
    target.append(note);
  });
}

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) copyField(copy);
  const remove = event.target.closest("[data-remove]");
  if (remove) remove.closest("[data-row]").remove();
  const file = event.target.closest("a[data-download]");
  if (file && document.body.dataset.tab !== undefined) {
    event.preventDefault();
    saveFile(file);
  }
  const all = event.target.closest("[data-check-all]");
  if (all) all.form.querySelectorAll('input[type="checkbox"]').forEach((box) => { box.checked = true; });
  const add = event.target.closest("[data-add]");
  if (add) addRow(add);
  if (event.target.closest("[data-lti-close]")) closeRegistration();
});

// In a tab's session a file has to be asked for with the session's headers. In
// the others its link is a plain one: for the attribute download Chromium asks
// without the frame's cookies.
async function saveFile(link) {
  const answer = await fetch(link.href, { headers: JSON.parse(document.body.getAttribute("hx-headers")) });
  if (!answer.ok) {
    link.after(` ${document.body.dataset.failed}`);
    return;
  }
  const copy = document.createElement("a");
  copy.href = URL.createObjectURL(await answer.blob());
  copy.download = answer.headers.get("Content-Disposition")?.split("filename=")[1] ?? "";
  copy.click();
  setTimeout(() => URL.revokeObjectURL(copy.href), 60000);
}

// Puts an empty condition or group at the end of the group that the button
// belongs to. Each row says how deep it stands: that is the shape of the rule.
function addRow(button) {
  const row = button.closest(".rule-add");
  const address = `${button.closest("[data-rule]").dataset.rule}/${button.dataset.add}?depth=${row.dataset.depth}`;
  htmx.ajax("GET", address, { source: button, target: row.previousElementSibling, swap: "beforeend" });
}

// Inside a frame the clipboard may be closed to us: then the text is selected,
// ready for the reader's own copy.
async function copyField(button) {
  const field = document.querySelector(button.dataset.copy);
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    if (!document.execCommand("copy")) return;
  }
  button.dataset.label ??= button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = button.dataset.label; }, 2000);
}

// Dynamic Registration 1.0, section 3.6: tells the LMS's window we are done.
function closeRegistration() {
  for (const lms of [window.opener, window.parent]) {
    if (lms && lms !== window) lms.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
  }
}

document.addEventListener("DOMContentLoaded", enhance);

function enhance() {
  document.querySelectorAll("form[data-autosubmit]").forEach((form) => form.requestSubmit());
  if (document.querySelector("[data-lti-close]")) closeRegistration();
  const upload = document.querySelector("#upload");
  if (upload) choosePicture(upload, document.querySelector(".picture-grid"));
  const login = document.querySelector("[data-store-login]");
  if (login) storeLogin(login);
  const proof = document.querySelector("[data-prove-login]");
  if (proof) proveLogin(proof);
}

// Without cookies the tab remembers its login, or the LMS does where it offers
// to; otherwise a tab of its own is the way.
async function storeLogin(page) {
  const { name, secret, next } = page.dataset;
  let kept = false;
  try {
    sessionStorage.setItem(name, secret);
    kept = true;
  } catch { /* storage is closed to us */ }
  try {
    await askPlatform(page, { subject: "lti.put_data", key: name, value: secret });
    kept = true;
  } catch { /* it does not offer to */ }
  if (kept) {
    location.assign(next);
    return;
  }
  page.hidden = true;
  document.querySelector("#no-storage").hidden = false;
}

async function proveLogin(form) {
  const { name } = form.dataset;
  let proof = null;
  try {
    proof = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
  } catch { /* storage is closed to us */ }
  try {
    proof ??= (await askPlatform(form, { subject: "lti.get_data", key: name })).value;
  } catch { /* it does not offer to */ }
  form.elements.proof.value = proof ?? "";
  form.submit();
}

// Sends a message of LTI Client Side postMessages 1.0 and waits for its answer.
function askPlatform(page, message) {
  const { target, platform } = page.dataset;
  const frame = target === "_parent" ? window.parent : window.parent.frames[target];
  if (!target || !platform || !frame) return Promise.reject(new Error("no platform storage"));
  return new Promise((resolve, reject) => {
    const id = Math.random().toString(36).slice(2);
    const timer = setTimeout(() => reject(new Error("no answer")), 1500);
    window.addEventListener("message", (event) => {
      if (event.origin !== platform || event.data?.message_id !== id) return;
      clearTimeout(timer);
      if (event.data.error) reject(new Error(event.data.error.code));
      else resolve(event.data);
    });
    frame.postMessage({ ...message, message_id: id }, platform);
  });
}

// Says before a file is sent that it is too large.
function checkSize(upload) {
  upload.setCustomValidity(upload.files[0]?.size > Number(upload.dataset.max) ? upload.dataset.tooLarge : "");
  upload.reportValidity();
}

document.addEventListener("change", (event) => {
  if (event.target.matches('input[type="file"][data-max]')) checkSize(event.target);
});

// An upload and the ready-made pictures exclude each other.
function choosePicture(upload, grid) {
  upload.addEventListener("change", () => showUpload(upload, grid));
  grid.addEventListener("change", () => {
    upload.value = "";
    showUpload(upload, grid);
  });
}

// Shows the chosen file beside the ready-made pictures.
function showUpload(upload, grid) {
  grid.querySelectorAll(".picture-upload").forEach((old) => {
    URL.revokeObjectURL(old.firstChild.src);
    old.remove();
  });
  const [file] = upload.files;
  checkSize(upload);
  if (!file) return;
  const image = document.createElement("img");
  image.width = image.height = 88;
  image.alt = file.name;
  image.src = URL.createObjectURL(file);
  const choice = document.createElement("span");
  choice.className = "picture-choice picture-upload";
  choice.append(image);
  grid.prepend(choice);
  grid.querySelectorAll('input[type="radio"]').forEach((radio) => { radio.checked = false; });
}
