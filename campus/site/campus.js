"use strict";
// Moodle's own scripts, as far as a tool sees them.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#autosubmit");
  if (form) form.submit();
  const frame = document.querySelector("#contentframe");
  if (frame) frame.style.height = Math.max(480, window.innerHeight - frame.getBoundingClientRect().top - 16) + "px";
});
// A registered tool asks for its window to be closed.
window.addEventListener("message", (event) => {
  if (event.data && event.data.subject === "org.imsglobal.lti.close" && document.querySelector("#registration")) {
    window.location.assign("/admin/tools" + window.location.search);
  }
});
