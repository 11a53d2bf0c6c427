"use strict";
// The page: vis-network holds the camera and the cards, model.js what is shown, layout.js the geometry; everything written comes in as text, never as HTML.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const FONT = getComputedStyle(document.body).fontFamily;
  const { nodes, links, state, relation, shownNode, shownEdges, shownLinks, drawn, linksOf, other, title } = kgModel(data);
  let scene = null, look = null;

  function focusCards() {
    const asked = data.nodes.filter((node) => node.focus && scene.boxes.has(node.id));
    return asked.length ? asked : data.nodes.filter((node) => scene.boxes.has(node.id)).slice(0, 1);
  }

  // ---- camera and drawing --------------------------------------------------------------------------------------------------
  const view = new vis.DataSet();
  const network = new vis.Network($("canvas"), { nodes: view, edges: new vis.DataSet() }, data.options);
  const canvas = $("canvas").querySelector("canvas");
  for (const part of $("canvas").querySelectorAll("[tabindex]")) part.tabIndex = -1;
  const ruler = document.createElement("canvas").getContext("2d");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const night = matchMedia("(prefers-color-scheme: dark)");

  function readLook() {
    const css = getComputedStyle(document.documentElement);
    look = Object.fromEntries(["page", "card", "ink", "soft", "rule", "edge", "accent", "wash", "mark"].map((name) => [name, css.getPropertyValue("--" + name).trim()]));
    look.kind = (kind) => data.kinds[kind]?.[night.matches ? "dark" : "light"] ?? look.soft;
  }
  function measure(text, size) {
    ruler.font = `500 ${size}px ${FONT}`;
    return ruler.measureText(text).width;
  }
  const wide = () => !matchMedia("(max-width: 760px)").matches;
  const room = () => ($("details").hidden || state.kept || !wide() ? $("stage").clientWidth : document.querySelector("main").clientWidth + $("details").offsetWidth);

  function relay() {
    const { cards, lines, waiting } = drawn();
    scene = kgLayout.arrange({ cards: cards.map((node) => ({ ...node, tag: title(node.kind) })), links: lines, columns: data.columns, width: room(), height: $("stage").clientHeight - 24, measure });
    Object.assign(scene, { lines, waiting });
    for (const path of scene.paths.values()) path.line = toPath(path.cubics);
    drawHeads();
    view.clear();
    view.add(cards.map((node) => {
      const box = scene.boxes.get(node.id);
      return { id: node.id, shape: "custom", ctxRenderer: card, x: box.x + box.w / 2, y: box.y + box.h / 2, fixed: true, size: box.h / 2 };
    }));
    drawOptions();
    tell();
    network.redraw();
  }
  function toPath(cubics) {
    const path = new Path2D();
    path.moveTo(cubics[0][0], cubics[0][1]);
    for (const [, , ...curve] of cubics) path.bezierCurveTo(...curve);
    return path;
  }

  const lit = () => {
    if (state.link) return new Set([state.link.a, state.link.b]);
    if (state.selected) return new Set([state.selected, ...scene.lines.filter(isLit).map((link) => other(link, state.selected))]);
    return state.found;
  };
  const isLit = (link) => link === state.link || (!state.link && state.selected !== null && (link.a === state.selected || link.b === state.selected));
  const isWarm = (link) => link === state.hoverLink || (state.hover !== null && (link.a === state.hover || link.b === state.hover));

  function edges(ctx) {
    const dim = lit() !== null;
    const rank = (link) => (isLit(link) ? 2 : isWarm(link) ? 1 : 0);
    ctx.lineCap = "round";
    for (const link of [...scene.lines].sort((a, b) => rank(a) - rank(b))) {
      const path = scene.paths.get(link.key);
      const level = rank(link);
      ctx.globalAlpha = level ? 1 : (dim ? 0.3 : 1) * (path.cubics.length > 1 ? 0.55 : 1); // links that only pass by step back
      ctx.strokeStyle = ctx.fillStyle = level === 2 ? look.accent : level ? look.ink : look.edge;
      ctx.lineWidth = level === 2 ? 2 : level ? 1.75 : 1.2;
      ctx.stroke(path.line);
      if (level) arrows(ctx, link, path);
    }
    ctx.globalAlpha = 1;
  }
  function arrows(ctx, link, path) {
    const into = new Set(link.edges.length ? shownEdges(link).map((edge) => edge.to) : []);
    const [x1, y1] = path.cubics[0], [x2, y2] = path.cubics.at(-1).slice(-2);
    if (into.has(path.last)) arrow(ctx, x2, y2, path.same ? -1 : 1);
    if (into.has(path.first)) arrow(ctx, x1, y1, -1);
  }
  function arrow(ctx, x, y, way) {
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x - 8 * way, y - 4.5);
    ctx.lineTo(x - 8 * way, y + 4.5);
    ctx.fill();
  }

  // One card: a bar and a tag in the colour of its class, the whole label, and, when a neighbour is chosen, the relation to it.
  function card({ ctx, id }) {
    return { drawNode: () => paint(ctx, nodes.get(id), scene.boxes.get(id)) };
  }
  function paint(ctx, node, box) {
    const { size } = scene, every = lit(), on = every && node.pile?.some((id) => every.has(id)) ? new Set([...every, node.id]) : every, chosen = node.id === state.selected;
    const colour = look.kind(node.kind);
    const rounded = (grow) => { ctx.beginPath(); ctx.roundRect(box.x - grow, box.y - grow, box.w + 2 * grow, box.h + 2 * grow, 8 + grow); };
    rounded(0);
    ctx.fillStyle = look.page;
    ctx.fill();
    ctx.globalAlpha = on && !on.has(node.id) ? 0.35 : 1;
    ctx.fillStyle = chosen ? look.wash : look.card;
    ctx.fill();
    if (node.focus) { ctx.globalAlpha *= 0.13; ctx.fillStyle = colour; ctx.fill(); ctx.globalAlpha /= 0.13; }
    ctx.strokeStyle = node.focus || (on && on.has(node.id)) || node.id === state.hover ? colour : look.rule;
    ctx.lineWidth = node.focus ? 1.75 : 1.25;
    ctx.setLineDash(node.pile ? [5, 4] : []);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.save();
    ctx.clip();
    ctx.fillStyle = colour;
    ctx.fillRect(box.x, box.y, size.bar, box.h);
    ctx.restore();
    if (chosen) { rounded(3); ctx.lineWidth = 2.5; ctx.strokeStyle = look.accent; ctx.stroke(); }
    write(ctx, node, box, size, colour);
    ctx.globalAlpha = 1;
  }
  function write(ctx, node, box, size, colour) {
    const x = box.x + size.bar + size.pad, said = chosenRelation(node.id);
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "left";
    ctx.font = `600 ${size.tag}px ${FONT}`;
    ctx.fillStyle = said ? look.accent : colour;
    ctx.fillText(said || title(node.kind), x, box.y + size.pad + size.tag - 1, box.w - size.inset);
    ctx.font = `500 ${size.label}px ${FONT}`;
    ctx.fillStyle = look.ink;
    box.lines.forEach((line, i) => ctx.fillText(line, x, box.y + size.pad + size.tagLine + size.line * (i + 0.78), box.w - size.inset));
  }
  function chosenRelation(id) {
    if (!state.selected || state.link || id === state.selected) return "";
    const link = scene.lines.find((one) => isLit(one) && (one.a === id || one.b === id));
    if (!link?.edges.length) return "";
    const all = shownEdges(link), names = [...new Set(all.map(relation))];
    const sign = all.every((edge) => edge.to === id) ? "→ " : all.every((edge) => edge.from === id) ? "← " : "↔ ";
    return sign + (names.length > 1 ? `${names[0]} +${names.length - 1}` : names[0]);
  }

  network.on("beforeDrawing", (ctx) => { if (scene) { ctx.save(); edges(ctx); ctx.restore(); } });
  network.on("afterDrawing", moveHeads);

  function drawHeads() {
    for (const head of scene.heads) head.el = make("span", { text: head.title, title: head.title });
    $("heads").replaceChildren(...scene.heads.map((head) => head.el));
  }
  function moveHeads() {
    if (!scene) return;
    const scale = network.getScale();
    for (const head of scene.heads) {
      head.el.style.transform = `translateX(${network.canvasToDOM({ x: head.x, y: 0 }).x}px)`;
      head.el.style.maxWidth = `${(head.w + (head === scene.heads.at(-1) ? scene.size.margin : scene.size.gutter) - 4) * scale}px`;
    }
  }

  function lookAt(x, y, scale, quick) {
    const at = { position: { x, y }, scale };
    network.moveTo(quick || calm.matches ? at : { ...at, animation: { duration: 220, easingFunction: "easeInOutQuad" } });
  }
  // Readable size always: what does not fit is panned to, beginning at the cards that were asked for.
  function fit(quick = false) {
    if (!scene.boxes.size) return;
    const w = $("stage").clientWidth, h = $("stage").clientHeight, pad = 10;
    const asked = focusCards().map((node) => scene.boxes.get(node.id));
    const first = asked[0] ?? { x: 0, w: 0, y: 0, h: 0 };
    const x = scene.width <= w ? scene.width / 2 : clamp(first.x - scene.size.margin + w / 2, w / 2, scene.width - w / 2);
    const seen = [...scene.boxes.values()].filter((box) => box.x < x + w / 2 && box.x + box.w > x - w / 2);
    const top = Math.min(...seen.map((box) => box.y)), bottom = Math.max(...seen.map((box) => box.y + box.h));
    const y = bottom - top + 2 * pad <= h ? (top + bottom) / 2 : clamp(first.y + first.h / 2, h / 2 - pad, scene.height - h / 2 + pad);
    lookAt(x, y, 1, quick);
  }
  const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));
  // Brings a card into view, and with it as many of its neighbours as there is room for, nearest first.
  function reveal(id) {
    const scale = network.getScale(), at = network.getViewPosition(), box = scene.boxes.get(id);
    const w = $("stage").clientWidth / scale - 28, h = $("stage").clientHeight / scale - 28;
    let [left, top, right, bottom] = [box.x, box.y, box.x + box.w, box.y + box.h];
    const far = (one) => Math.abs(one.x - box.x) + Math.abs(one.y - box.y);
    for (const one of scene.lines.filter((link) => link.a === id || link.b === id).map((link) => scene.boxes.get(other(link, id))).sort((a, b) => far(a) - far(b))) {
      const wider = [Math.min(left, one.x), Math.max(right, one.x + one.w)], taller = [Math.min(top, one.y), Math.max(bottom, one.y + one.h)];
      if (wider[1] - wider[0] <= w) [left, right] = wider;
      if (taller[1] - taller[0] <= h) [top, bottom] = taller;
    }
    const x = clamp(at.x, right - w / 2, left + w / 2), y = clamp(at.y, bottom - h / 2, top + h / 2);
    if (x !== at.x || y !== at.y) lookAt(x, y, scale);
  }

  // ---- finding what is under the pointer -----------------------------------------------------------------------------------
  function cardAt({ x, y }) {
    for (const box of scene.boxes.values()) if (x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h) return box.id;
    return null;
  }
  function linkAt({ x, y }) {
    ruler.lineWidth = 9 / network.getScale();
    return scene.lines.find((link) => link.edges.length && ruler.isPointInStroke(scene.paths.get(link.key).line, x, y)) ?? null;
  }

  // ---- choosing ------------------------------------------------------------------------------------------------------------
  function select(id) {
    const pile = nodes.get(id).pile ? id : scene.waiting?.get(id);
    if (pile) {
      state.unfolded.add(nodes.get(pile).key);
      relay();
      if (pile === id) return select(nodes.get(id).pile[0]);
    }
    Object.assign(state, { selected: id, link: null });
    showDetails(() => cardDetails(nodes.get(id)));
    for (const option of $("options").children) option.setAttribute("aria-selected", String(option.dataset.id === id));
    $("stage").setAttribute("aria-activedescendant", optionId(id));
    reveal(id);
    network.redraw();
  }
  function selectLink(link) {
    Object.assign(state, { selected: null, link });
    showDetails(() => linkDetails(link));
    network.redraw();
  }
  function clear() {
    Object.assign(state, { selected: null, link: null, found: null, query: "" });
    $("search").value = "";
    $("stage").removeAttribute("aria-activedescendant");
    showDetails(null);
    network.redraw();
  }
  function keep(id) {
    state.kept = new Set([id, ...links.filter((link) => link.a === id || link.b === id).map((link) => other(link, id))]);
    $("all").hidden = false;
    select(id);
    relay();
    fit();
  }
  function showAll() {
    state.kept = null;
    $("all").hidden = true;
    relay();
    fit();
  }
  function back() {
    if (state.selected || state.link || state.found) clear();
    else if (state.kept) showAll();
    openLegend(false);
  }
  function openLegend(open) {
    $("legend").classList.toggle("open", open);
    $("filters").setAttribute("aria-expanded", String(open));
  }
  function find(query) {
    state.query = query.trim().toLowerCase();
    Object.assign(state, { selected: null, link: null });
    state.found = state.query ? new Set(data.nodes.filter((node) => shownNode(node.id) && textOf(node).includes(state.query)).map((node) => node.id)) : null;
    showDetails(state.found ? foundDetails : null);
    network.redraw();
  }
  function textOf(node) {
    node.text ??= [node.label, title(node.kind), ...Object.entries(node.details).flat(), ...node.sources.map((source) => source.sentence ?? ""),
      ...links.filter((link) => link.a === node.id || link.b === node.id).flatMap((link) => link.edges.map((edge) => edge.sentence ?? ""))].join("\n").toLowerCase();
    return node.text;
  }

  // ---- panels --------------------------------------------------------------------------------------------------------------
  const quoted = new Set();
  function make(tag, { text, cls, on, ...attributes } = {}, ...children) {
    const el = document.createElement(tag);
    if (text !== undefined) el.textContent = text;
    if (cls) el.className = cls;
    if (on) el.addEventListener("click", on);
    for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
    el.append(...children);
    return el;
  }
  function showDetails(content) {
    const [w, h] = [$("stage").clientWidth, $("stage").clientHeight];
    quoted.clear();
    $("details").replaceChildren(...(content ? content() : []));
    $("details").hidden = !content;
    $("details").scrollTop = 0;
    resize(w, h);
  }
  const close = () => make("button", { text: "Close", cls: "close", type: "button", "aria-label": "Close details", on: clear });
  const head = (node) => make("div", { cls: "head" }, tag(node.kind), close());
  function tag(kind) {
    const swatch = make("span", { cls: "swatch" });
    swatch.style.background = look.kind(kind);
    const el = make("span", { cls: "tag" }, swatch, make("span", { text: title(kind) }));
    el.style.color = look.kind(kind);
    return el;
  }
  function cardDetails(node) {
    const parts = [head(node), make("h2", { text: node.label, dir: "auto" })];
    const facts = Object.entries(node.details);
    if (facts.length) parts.push(make("dl", {}, ...facts.flatMap(([name, value]) => [make("dt", { text: name }), make("dd", { text: value, dir: "auto" })])));
    if (!state.kept) parts.push(make("button", { text: "Keep only this neighbourhood", cls: "act", type: "button", on: () => keep(node.id) }));
    if (node.sources.length) parts.push(make("h3", { text: "What the source says" }), ...quotes(node.sources));
    const near = linksOf(node.id);
    const groups = new Map();
    for (const link of near) for (const edge of shownEdges(link)) {
      const name = (edge.from === node.id ? "→ " : "← ") + relation(edge);
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push({ edge, id: other(link, node.id) });
    }
    const count = [...groups.values()].reduce((sum, list) => sum + list.length, 0);
    parts.push(make("h3", { text: count === 1 ? "1 relation" : `${count} relations` }));
    for (const [name, list] of groups) parts.push(make("h4", { text: name }), ...bySentence(list));
    return parts;
  }
  // The same sentence behind several cards is shown once, under all of them.
  function bySentence(list) {
    const groups = new Map();
    for (const item of list) {
      const key = `${item.edge.sentence ?? ""}\n${item.edge.record ?? ""}\n${item.edge.path ?? ""}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(item);
    }
    return [...groups.values()].flatMap((items) => [
      ...items.map(({ id }) => make("button", { text: nodes.get(id).label, cls: "to", type: "button", dir: "auto", on: () => select(id) })), ...quotes([items[0].edge])]);
  }
  // A sentence stands once in the panel; further relations that rest on it say so.
  function quotes(sources) {
    return sources.flatMap((source) => {
      const parts = [], key = source.sentence + "\n" + source.record;
      if (source.sentence && quoted.has(key)) return [make("cite", { cls: "again", text: "the same sentence as above" })];
      if (source.sentence) quoted.add(key);
      if (source.sentence) parts.push(make("blockquote", { text: source.sentence, dir: "auto" }));
      const said = [source.record, source.path].filter(Boolean).join(" · ");
      const safe = /^https?:\/\//i.test(source.url ?? "");
      if (said || safe) parts.push(make("cite", { dir: "auto" }, safe ? make("a", { text: said || source.url, href: source.url, target: "_blank", rel: "noopener noreferrer" }) : said));
      return parts;
    });
  }
  function linkDetails(link) {
    const parts = [make("div", { cls: "head" }, make("span", { cls: "tag", text: "Relation" }), close())];
    for (const edge of shownEdges(link)) {
      parts.push(make("button", { text: nodes.get(edge.from).label, cls: "to", type: "button", dir: "auto", on: () => select(edge.from) }), make("h4", { text: "→ " + relation(edge) }),
        make("button", { text: nodes.get(edge.to).label, cls: "to", type: "button", dir: "auto", on: () => select(edge.to) }), ...quotes([edge]));
    }
    return parts;
  }
  function foundDetails() {
    const hits = data.nodes.filter((node) => state.found.has(node.id));
    return [make("div", { cls: "head" }, make("span", { cls: "tag", text: `${hits.length} found` }), close()),
      ...hits.map((node) => make("button", { cls: "row", type: "button", dir: "auto", on: () => select(node.id) }, make("small", { text: title(node.kind) }), node.label)),
      ...(hits.length ? [] : [make("p", { cls: "none", text: "No card, figure or sentence holds these words." })])];
  }

  // ---- legend --------------------------------------------------------------------------------------------------------------
  function legend() {
    const kinds = Object.keys(data.kinds).map((kind) => ({ key: kind, name: title(kind), n: data.nodes.filter((node) => node.kind === kind).length, kind }));
    const tally = new Map();
    for (const link of links) for (const edge of link.edges) tally.set(relation(edge), (tally.get(relation(edge)) ?? 0) + 1);
    const relations = [...tally].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name, n]) => ({ key: name, name, n }));
    const done = make("button", { text: "Done", cls: "act", id: "done", type: "button", on: () => openLegend(false) });
    $("legend").replaceChildren(...box("Classes", kinds, state.noKind), ...box("Relations", relations, state.noRelation), done);
  }
  function box(name, rows, hidden) {
    const update = () => { clearIfGone(); relay(); };
    const word = () => (hidden.size ? "show all" : "hide all");
    const all = make("button", { text: word(), type: "button", "aria-label": `Show or hide all ${name.toLowerCase()}`, on: () => {
      const off = hidden.size === 0;
      rows.forEach((row) => (off ? hidden.add(row.key) : hidden.delete(row.key)));
      for (const line of lines) line.querySelector("input").checked = !off;
      all.textContent = word();
      update();
    } });
    const lines = rows.map((row) => {
      const check = make("input", { type: "checkbox", "data-key": row.key });
      check.checked = !hidden.has(row.key);
      check.addEventListener("change", () => { check.checked ? hidden.delete(row.key) : hidden.add(row.key); all.textContent = word(); update(); });
      const swatch = make("span", { cls: "swatch" });
      if (row.kind !== undefined) swatch.style.background = look.kind(row.kind);
      return make("label", { cls: row.kind === undefined ? "relation" : "" }, check, ...(row.kind === undefined ? [] : [swatch]), make("span", { text: row.name }), make("span", { text: String(row.n), cls: "count" }));
    });
    return [make("div", { cls: "group" }, make("h2", { text: name }), all), ...lines];
  }
  function clearIfGone() {
    if (state.selected && !shownNode(state.selected)) clear();
    if (state.link && !shownEdges(state.link).length) clear();
  }
  function tell() {
    const shown = [...scene.boxes.keys()].filter((id) => !nodes.get(id).pile).length, whole = data.nodes.length, more = Number(data.total) > whole || !data.complete, hidden = data.nodes.filter((node) => !shownNode(node.id)).length;
    const relations = shownLinks().reduce((sum, link) => sum + shownEdges(link).length, 0);
    const cards = more || shown < whole - hidden ? `showing ${shown} of ${data.complete ? "" : "at least "}${data.total} cards` : shown < whole ? `${shown} of ${whole} cards` : `${whole} cards`;
    $("counts").textContent = `${cards} · ${relations} relations`;
    $("hint").textContent = !shown ? "No card is shown: nothing was found, or every class is hidden by the filters." : "Click a card or a line for the sentence behind it. Double-click keeps a neighbourhood. Arrows move, Enter opens, Esc goes back.";
  }
  const optionId = (id) => "o" + [...nodes.keys()].indexOf(id);
  function drawOptions() {
    const order = [...scene.boxes.values()].sort((a, b) => a.col - b.col || a.y - b.y);
    $("options").replaceChildren(...order.map((box) => {
      const node = nodes.get(box.id);
      const option = make("li", { role: "option", id: optionId(box.id), text: `${title(node.kind)}: ${node.label}` + (node.pile ? "" : `, ${linksOf(node.id).length} links`), "aria-selected": String(box.id === state.selected) });
      option.dataset.id = box.id;
      return option;
    }));
  }

  // ---- keyboard ------------------------------------------------------------------------------------------------------------
  const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  function step([dx, dy]) {
    const here = scene.boxes.get(state.selected);
    if (!here) return select(focusCards()[0].id); // nothing chosen yet: begin where the question did
    const line = [...scene.boxes.values()].filter((box) => box.col === here.col + dx).sort((a, b) => a.y - b.y);
    if (!line.length) return;
    const far = (box) => Math.abs(box.y + box.h / 2 - here.y - here.h / 2);
    const next = dx ? line.reduce((best, box) => (far(box) < far(best) ? box : best)) : line[line.indexOf(here) + dy];
    if (next) select(next.id);
  }
  $("stage").addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== $("stage") || !scene.boxes.size) return;
    if (steps[event.key]) step(steps[event.key]);
    else if (event.key === "Enter") state.selected ? $("details").focus() : select(focusCards()[0].id);
    else if (event.key === "k" && state.selected) keep(state.selected);
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { back(); $("stage").focus({ preventScroll: true }); }
    else if (event.key === "/" && !typing) { event.preventDefault(); $("search").focus(); }
    else if (event.key === "f" && !typing) fit();
    else if (event.key === "Enter" && typing && state.found?.size) select([...state.found][0]);
  });

  // ---- pointer -------------------------------------------------------------------------------------------------------------
  let last = { time: 0, x: 0, y: 0 }, swallow = false;
  network.on("click", ({ pointer, event }) => {
    if (twice(event.center) || (event.srcEvent && !canvas.contains(event.srcEvent.target))) return;
    last = { time: Date.now(), ...event.center };
    const id = cardAt(pointer.canvas), link = id === null ? linkAt(pointer.canvas) : null;
    if (id !== null) select(id);
    else if (link) selectLink(link);
    else if (state.selected || state.link) clear();
  });
  // The first click opens the details, perhaps under the pointer: so the second is told by time and place, not by what it hits.
  const twice = ({ x, y }) => Date.now() - last.time < 400 && Math.hypot(x - last.x, y - last.y) < 8;
  document.addEventListener("pointerdown", (event) => {
    swallow = state.selected !== null && twice({ x: event.clientX, y: event.clientY });
    if (swallow) keep(state.selected);
  }, true);
  document.addEventListener("click", (event) => {
    if (swallow) { event.stopPropagation(); event.preventDefault(); }
    swallow = false;
  }, true);
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const spot = { x: event.offsetX, y: event.offsetY }, at = network.DOMtoCanvas(spot);
    const id = cardAt(at), link = id === null ? linkAt(at) : null;
    canvas.style.cursor = id !== null || link ? "pointer" : "grab";
    tip(link, spot);
    if (id === state.hover && link === state.hoverLink) return;
    Object.assign(state, { hover: id, hoverLink: link });
    network.redraw();
  });
  canvas.addEventListener("pointerleave", () => { tip(null); Object.assign(state, { hover: null, hoverLink: null }); network.redraw(); });
  function tip(link, spot) {
    $("tip").hidden = !link;
    if (!link) return;
    $("tip").textContent = shownEdges(link).map((edge) => `${nodes.get(edge.from).label} → ${relation(edge)} → ${nodes.get(edge.to).label}`).join("; ");
    const x = clamp(spot.x + 14, 0, $("stage").clientWidth - $("tip").offsetWidth - 4), y = clamp(spot.y + 16, 0, $("stage").clientHeight - $("tip").offsetHeight - 4);
    $("tip").style.transform = `translate(${x}px, ${y}px)`;
  }
  // The wheel scrolls like a page; with Ctrl (and pinching) it zooms, which vis does itself.
  $("stage").addEventListener("wheel", (event) => {
    if (event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    const at = network.getViewPosition(), scale = network.getScale(), unit = event.deltaMode === 1 ? 18 : 1;
    const [dx, dy] = event.shiftKey ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    network.moveTo({ position: { x: at.x + (dx * unit) / scale, y: at.y + (dy * unit) / scale }, scale });
  }, { capture: true, passive: false });

  // ---- start ---------------------------------------------------------------------------------------------------------------
  // The left upper corner and the size of the text stay where they are; vis by itself would shrink the cards with the window.
  function resize(w = $("stage").clientWidth, h = $("stage").clientHeight) {
    const at = network.getViewPosition(), scale = network.getScale(), wide = $("stage").clientWidth, high = $("stage").clientHeight;
    network.setSize(wide + "px", high + "px");
    network.moveTo({ position: { x: at.x + (wide - w) / 2 / scale, y: at.y + (high - h) / 2 / scale }, scale });
    network.redraw();
  }
  const zoom = (factor) => { const at = network.getViewPosition(); lookAt(at.x, at.y, clamp(network.getScale() * factor, 0.2, 3)); };
  $("search").addEventListener("input", (event) => find(event.target.value));
  $("fit").addEventListener("click", () => fit());
  $("all").addEventListener("click", showAll);
  $("in").addEventListener("click", () => zoom(1.25));
  $("out").addEventListener("click", () => zoom(0.8));
  $("filters").addEventListener("click", () => openLegend(!$("legend").classList.contains("open")));
  document.querySelector("main").addEventListener("pointerdown", () => openLegend(false));
  night.addEventListener("change", () => { readLook(); legend(); network.redraw(); });
  let width = innerWidth;
  addEventListener("resize", () => {
    resize();
    if (innerWidth !== width) { width = innerWidth; relay(); fit(true); }
  });
  readLook();
  legend();
  resize();
  relay();
  fit(true);

  function toPage(x, y) {
    const spot = network.canvasToDOM({ x, y }), frame = canvas.getBoundingClientRect();
    return { x: frame.left + spot.x, y: frame.top + spot.y };
  }

  // What tests and other scripts may hold on to.
  window.kgExplorer = {
    select, clear, keep, fit, find, network,
    at: (id) => { const box = scene.boxes.get(id); return toPage(box.x + box.w / 2, box.y + box.h / 2); },
    toPage,
    scene: () => ({
      scale: network.getScale(), smallest: scene.size.tag * network.getScale(), width: scene.width, height: scene.height,
      boxes: [...scene.boxes.values()].map((box) => ({ ...box, inner: box.w - scene.size.inset, widest: Math.max(...box.lines.map((line) => measure(line, scene.size.label))) })),
      paths: [...scene.paths.values()].map(({ cubics, first, last }) => ({ cubics, first, last })), selected: state.selected, found: state.found && [...state.found],
    }),
  };
})();
