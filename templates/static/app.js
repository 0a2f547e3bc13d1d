// Small comforts; every page works without them, except that a row of a rule
// can only be added with htmx.
"use strict";

// The token of the page's forms, for requests that htmx makes.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf"]');
  if (token) event.detail.headers["X-CSRF-Token"] = token.content;
});

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) copyField(copy);
  const remove = event.target.closest("[data-remove]");
  if (remove) remove.closest("[data-condition]").remove();
  if (event.target.closest("[data-lti-close]")) closeRegistration();
});

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
  const label = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = label; }, 2000);
}

// Dynamic Registration 1.0, section 3.6: tells the LMS's window we are done.
function closeRegistration() {
  (window.opener || window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form[data-autosubmit]").forEach((form) => form.requestSubmit());
  if (document.querySelector("[data-lti-close]")) closeRegistration();
  const upload = document.querySelector("#upload");
  if (upload) upload.addEventListener("change", () => showUpload(upload));
});

// Shows the chosen picture beside the ready-made ones.
function showUpload(input) {
  document.querySelectorAll(".picture-upload").forEach((old) => old.remove());
  const [file] = input.files;
  if (!file) return;
  const choice = document.createElement("span");
  choice.className = "picture-choice picture-upload";
  const image = document.createElement("img");
  image.width = image.height = 88;
  image.alt = file.name;
  image.src = URL.createObjectURL(file);
  choice.append(image);
  document.querySelector(".picture-grid").prepend(choice);
  document.querySelectorAll('.picture-grid input[type="radio"]').forEach((radio) => { radio.checked = false; });
}
