const COLUMNS = { __proto__: null, fields: "Field", tree: "Key", lines: "Line", hex: "Offset" };

function sheetsPart(heading, sheets, exchange) {
  const only = el("input", { type: "checkbox", checked: onlyDiffering });
  only.addEventListener("change", () => {
    onlyDiffering = only.checked;
    only.closest("section").classList.toggle("only", onlyDiffering);
  });
  const differs = sheets.some(parts);
  return el("section", { class: exchange && onlyDiffering ? "sheets only" : "sheets" },
    el("h3", {}, heading, exchange && differs ? el("label", {}, only, " only rows that differ") : null),
    sheets.map((sheet) => sheetOf(sheet, exchange ? !differs || parts(sheet) : parts(sheet))));
}

const parts = (sheet) => sheet.rows.some((row) => row[2]);

function sheetOf(sheet, isOpen) {
  const count = sheet.rows.filter((row) => row[2]).length;
  const columns = [COLUMNS[sheet.kind] ?? "", "Reference", "Candidate"].map((name) => el("th", { scope: "col", role: "columnheader" }, name));
  return el("details", { class: `sheet ${count ? "differs" : "same"}`, open: isOpen },
    el("summary", {}, el("span", { class: "raw" }, visible(sheet.title)),
      el("small", {}, count ? `${SIGNS.open} ${many(count, "row")} differ${count === 1 ? "s" : ""}` : "same")),
    el("table", { class: sheet.kind, role: "table", "aria-label": visible(sheet.title) },
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, columns)),
      el("tbody", { role: "rowgroup" }, sheet.rows.map((row, n) => rowOf(row, n > 0 && sheet.rows[n - 1][2])))),
    sheet.left_out ? el("p", { class: "calm" }, `${many(sheet.left_out, "more row")} not shown.`) : null);
}

function rowOf([label, depth, differs, ours, theirs], follows) {
  const sign = differs ? el("span", { class: "sign open" }, el("span", { "aria-hidden": "true" }, SIGNS.open), hidden("differs: ")) : null;
  const name = el(label ? "th" : "td", label ? { scope: "row", role: "rowheader" } : { role: "cell" }, sign, visible(label));
  name.style.setProperty("--depth", depth);
  return el("tr", { role: "row", class: differs ? (follows ? "differs" : "differs first") : "same", tabindex: differs && !follows ? -1 : null },
    name,
    cellOf(ours, theirs === 0 ? "Both" : "Reference"),
    cellOf(theirs === 0 ? ours : theirs, "Candidate", theirs === 0));
}

function cellOf(cell, side, isSame = false) {
  const text = cell === null ? "nothing" : cell.map((piece, n) => (n % 2 ? el("mark", {}, visible(piece)) : visible(piece)));
  const kind = [cell === null ? "nothing" : "", isSame ? "repeated" : ""].join(" ").trim();
  return el("td", { role: "cell", "data-side": side, class: kind || null }, text);
}
