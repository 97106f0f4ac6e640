/**
 * The page's script: opens the group that a link leads to, filters answers, enlarges pictures. Without it everything can
 * still be read. It is a string because it runs in the reader's browser, and its hash stands in the page's policy.
 */
export const script = `
"use strict";
(() => {
  document.documentElement.classList.add("scripted");

  const show = (group) => {
    const outcome = group.dataset.show || "";
    const subject = group.querySelector("select")?.value || "";
    let shown = 0;
    for (const sample of group.querySelectorAll(".sample")) {
      let any = false;
      for (const answer of sample.querySelectorAll(".answer")) {
        const fits = (!outcome || answer.dataset.outcome === outcome) && (!subject || answer.dataset.subject === subject);
        answer.hidden = !fits;
        if (fits) { any = true; shown++; }
      }
      sample.hidden = !any;
    }
    for (const button of group.querySelectorAll("button[data-outcome]")) {
      button.setAttribute("aria-pressed", String(button.dataset.outcome === outcome));
    }
    const output = group.querySelector("output");
    if (output) output.textContent = outcome || subject ? shown + " shown" : "";
  };

  const targetOf = (hash) => hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;

  const reveal = (hash, subject) => {
    const target = targetOf(hash);
    const group = target?.closest("details.group");
    if (!group) return;
    group.open = true;
    const choice = group.querySelector("select");
    if (choice) choice.value = subject !== undefined && [...choice.options].some((one) => one.value === subject) ? subject : "";
    if (target !== group) delete group.dataset.show;
    show(group);
    target.scrollIntoView();
    (target === group ? group.querySelector("summary") : target.querySelector("a"))?.focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) {
      const hash = link.getAttribute("href");
      setTimeout(() => reveal(hash, link.dataset.subject));
      return;
    }
    const filter = event.target.closest("button[data-outcome]");
    if (filter) {
      const group = filter.closest("details.group");
      group.dataset.show = filter.dataset.outcome;
      show(group);
      return;
    }
    const action = event.target.closest("button[data-do]");
    if (action) {
      if (action.dataset.do === "save") save();
      else verify();
      return;
    }
    const picture = event.target.closest("button.picture");
    if (picture) enlarge(picture);
    else if (event.target.id === "viewer") event.target.close();
  });

  document.addEventListener("change", (event) => {
    const group = event.target.matches("select") && event.target.closest("details.group");
    if (group) show(group);
  });

  const enlarge = (picture) => {
    const viewer = document.getElementById("viewer");
    const copy = document.createElement("span");
    copy.className = "picture";
    copy.append(...[...picture.children].map((child) => child.cloneNode(true)));
    viewer.querySelector("div").replaceChildren(copy);
    viewer.showModal();
  };

  const data = document.getElementById("data");

  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([data.textContent], { type: "application/json" }));
    link.download = "report.json";
    link.click();
    URL.revokeObjectURL(link.href);
  };

  const verify = async () => {
    const output = document.getElementById("checked");
    if (!globalThis.crypto?.subtle) { output.textContent = "This browser cannot check a hash here"; return; }
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(data.textContent)));
    const hash = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    output.textContent = hash === data.dataset.sha256 ? "✓ the data is as it was written" : "✗ the data was changed";
  };

  addEventListener("hashchange", () => {
    const group = targetOf(location.hash)?.closest("details.group");
    if (group && !group.open) reveal(location.hash);
  });
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("#run details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => { for (const details of opened) details.open = false; });
  if (location.hash) reveal(location.hash);
})();
`;
