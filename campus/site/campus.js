"use strict";
// Moodle's own scripts, as far as a tool sees them.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#autosubmit");
  if (form) form.submit();
  // The tool has answered: the page around its frame shows the course again.
  const back = document.querySelector("#contentreturn");
  if (back) window.parent.location.assign(back.href + "&lang=" + window.parent.document.documentElement.lang);
  const frame = document.querySelector("#contentframe");
  if (frame) frame.style.height = Math.max(480, window.innerHeight - frame.getBoundingClientRect().top - 16) + "px";
});
// A registered tool asks for its window to be closed.
window.addEventListener("message", (event) => {
  if (event.data && event.data.subject === "org.imsglobal.lti.close" && document.querySelector("#registration")) {
    window.location.assign("/admin/tools" + window.location.search);
  }
});
