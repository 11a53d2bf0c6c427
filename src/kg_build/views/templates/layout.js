"use strict";
// Geometry only: cards in columns, straightened towards their neighbours, links led between cards and never under one.
const kgLayout = (() => {
  const BASE = { label: 13, line: 16.5, tag: 11, tagLine: 15, pad: 8, bar: 5, gap: 10, slot: 6, margin: 18 };

  // Order-preserving positions nearest to the wanted ones, at least `apart` from each other, within [low, high].
  function settle(wanted, apart, low, high) {
    const offset = [0];
    for (let i = 1; i < wanted.length; i++) offset.push(offset[i - 1] + apart[i - 1]);
    const blocks = [];
    wanted.forEach((want, i) => {
      blocks.push({ sum: want - offset[i], n: 1 });
      while (blocks.length > 1 && mean(blocks.at(-2)) > mean(blocks.at(-1))) {
        const last = blocks.pop();
        blocks.at(-1).sum += last.sum;
        blocks.at(-1).n += last.n;
      }
    });
    const top = Math.max(low, high - offset.at(-1));
    const flat = blocks.flatMap((block) => Array(block.n).fill(Math.min(Math.max(mean(block), low), top)));
    return flat.map((z, i) => z + offset[i]);
  }
  const mean = (block) => block.sum / block.n;

  // Lines of a label: broken at blanks, then after - and /, and inside a word only if it alone is too wide.
  function wrap(text, room, measure) {
    const lines = [];
    let line = "";
    const put = (piece, glue) => {
      const longer = line ? line + glue + piece : piece;
      if (measure(longer) <= room) return void (line = longer);
      if (line) lines.push(line);
      line = "";
      if (measure(piece) <= room) return void (line = piece);
      for (const parts of [piece.split("\u00a0"), piece.split(/(?<=[-/–])(?=.)/u)]) {
        if (parts.length > 1) return parts.forEach((part) => put(part, piece.includes("\u00a0") ? " " : ""));
      }
      for (const sign of piece) {
        if (line && measure(line + sign) > room) { lines.push(line); line = ""; }
        line += sign;
      }
    };
    for (const word of glue(text).split(/[^\S\u00a0]+/u)) if (word) put(word, " ");
    if (line || !lines.length) lines.push(line);
    return lines;
  }

  // What reads badly when torn apart: "a +", "52% vs 36%", "HR 0.57", a short last word.
  function glue(text) {
    const hard = "\u00a0";
    return text.trim().replace(/\s+\+\s+/gu, hard + "+ ").replace(/(\d\S*)\s+vs\s+(?=\S)/gu, `$1${hard}vs${hard}`)
      .replace(/\b(HR|OR|RR)\s+(?=\d)/gu, "$1" + hard).replace(/\s+(\S{1,3})$/u, hard + "$1");
  }

  // Everything the page draws, for the visible cards and links, in CSS pixels at scale 1: as large as fits, never below the base.
  function arrange(page) {
    let scene = null;
    for (const unit of page.width < 640 ? [1] : [1.3, 1.2, 1.1, 1]) {
      for (const spare of [0, 40, 80]) { // room for the links that pass between cards is known only afterwards
        scene = arrangeAt({ ...page, height: page.height - spare }, unit);
        if (scene.width <= page.width && scene.height <= page.height) return scene;
      }
    }
    return scene;
  }

  function arrangeAt({ cards, links, columns, width, height: tallest, measure }, unit) {
    const used = columns.filter((column) => cards.some((card) => card.column === column.key));
    const size = sizes(used.length, width, unit);
    const rows = used.map((column) => cards.filter((card) => card.column === column.key).sort((a, b) => a.row - b.row));
    const widths = share(rows, width, tallest, size, measure);
    const boxes = new Map();
    let x = size.margin;
    const heads = used.map((column, i) => ({ ...column, x: (i ? (x += widths[i - 1] + size.gutter) : x), w: widths[i] }));
    const stacks = rows.map((row, i) => row.map((card) => {
      const lines = linesOf(card, widths[i], size, measure);
      const box = { id: card.id, col: i, lines, x: heads[i].x, y: 0, w: widths[i], h: heightOf(lines, size) };
      boxes.set(card.id, box);
      return box;
    }));
    const near = neighbours(boxes, links);
    place(stacks, near, size, stacks.map((stack) => stack.slice(1).map(() => size.gap)));
    const slots = choose(boxes, stacks, links, size);
    place(stacks, near, size, stacks.map((stack, i) => stack.slice(1).map((_, k) => size.gap + size.slot * slots[i].get(k + 1).length)));
    seat(stacks, slots, size);
    const height = Math.max(0, ...[...boxes.values()].map((box) => box.y + box.h));
    const end = heads.length ? heads.at(-1).x + heads.at(-1).w : 0;
    return { boxes, paths: route(boxes, links, slots, size, heads), heads, size, width: end + size.margin, height };
  }

  function sizes(n, width, unit) {
    const visible = width < 640 ? Math.min(n, 2) : Math.max(n, 1);
    const size = Object.fromEntries(Object.entries(BASE).map(([key, value]) => [key, value * unit]));
    const gutter = width < 640 ? 34 : Math.min(110, Math.max(40, (width / visible) * 0.26));
    return { ...size, unit, gutter, visible, inset: size.bar + 2 * size.pad };
  }

  const heightOf = (lines, size) => 2 * size.pad + size.tagLine + lines.length * size.line;

  function linesOf(card, width, size, measure) {
    const lines = wrap(card.label, width - size.inset, (text) => measure(text, size.label));
    return lines.length > 16 ? [...lines.slice(0, 15), "… full text in details"] : lines;
  }

  // Column widths: each at least its longest word; room goes step by step to the tallest column until all fit, then to the narrowest, then to the gutters.
  function share(rows, width, tallest, size, measure) {
    const least = (cards) => Math.max(...cards.flatMap((card) => [measure(card.tag, size.tag), ...card.label.replace(/\s+\+/gu, "\u00a0+").split(/(?:[^\S\u00a0]|[/-])+/u).map((word) => measure(word, size.label))]));
    const most = 230 * size.unit, even = (width - 2 * size.margin - (size.visible - 1) * size.gutter) / size.visible;
    if (width < 640) return rows.map(() => even);
    const widths = rows.map((cards) => Math.min(Math.max(least(cards) + size.inset + 1, 96 * size.unit), 190 * size.unit));
    const tall = (i) => rows[i].reduce((sum, card) => sum + heightOf(linesOf(card, widths[i], size, measure), size) + size.gap, 0);
    const heights = rows.map((_, i) => tall(i));
    let left = even * rows.length - widths.reduce((sum, w) => sum + w, 0);
    const widen = (i) => { widths[i] += 6; left -= 6; heights[i] = tall(i); };
    const pick = (open, better) => open.reduce((best, k) => (better(k, best) ? k : best));
    while (left >= 6 && Math.max(...heights) > tallest) {
      const open = [...rows.keys()].filter((i) => widths[i] + 6 <= most);
      if (!open.length) break;
      widen(pick(open, (k, best) => heights[k] > heights[best]));
    }
    while (left >= 6 && Math.min(...widths) < 140 * size.unit) widen(pick([...rows.keys()], (k, best) => widths[k] < widths[best]));
    if (left > 0 && rows.length > 1) size.gutter = Math.min(120, size.gutter + left / (rows.length - 1));
    return widths;
  }

  function neighbours(boxes, links) {
    const near = new Map([...boxes.keys()].map((id) => [id, []]));
    for (const { a, b } of links) {
      if (boxes.get(a).col === boxes.get(b).col) continue;
      near.get(a).push(boxes.get(b));
      near.get(b).push(boxes.get(a));
    }
    return near;
  }

  const middle = (box) => box.y + box.h / 2;

  function place(stacks, near, size, gaps) {
    const apart = stacks.map((stack, i) => stack.slice(1).map((box, k) => (stack[k].h + box.h) / 2 + gaps[i][k]));
    const tall = stacks.map((stack, i) => stack.reduce((sum, box) => sum + box.h, 0) + gaps[i].reduce((sum, gap) => sum + gap, 0));
    const height = Math.max(0, ...tall);
    stacks.forEach((stack, i) => {
      let y = (height - tall[i]) / 2;
      stack.forEach((box, k) => { box.y = y; y += box.h + (gaps[i][k] ?? 0); });
    });
    for (let turn = 0; turn < 10; turn++) {
      const order = turn % 2 ? [...stacks.keys()].reverse() : [...stacks.keys()];
      for (const i of order) pull(stacks[i], apart[i], near, height);
    }
  }

  function pull(stack, apart, near, height) {
    if (!stack.length) return;
    const wanted = stack.map((box) => {
      let sum = 0, weight = 0;
      for (const other of near.get(box.id)) {
        const share = 1 / Math.abs(other.col - box.col);
        sum += middle(other) * share;
        weight += share;
      }
      return weight ? sum / weight : middle(box);
    });
    settle(wanted, apart, stack[0].h / 2, height - stack.at(-1).h / 2).forEach((y, k) => { stack[k].y = y - stack[k].h / 2; });
  }

  // For every column a long link crosses: the gap nearest to the straight line; links of one hub through one gap share a slot.
  function choose(boxes, stacks, links, size) {
    const slots = stacks.map((stack) => new Map([...Array(stack.length + 1).keys()].map((gap) => [gap, []])));
    const load = new Map();
    for (const { a, b } of links) for (const id of [a, b]) load.set(id, (load.get(id) ?? 0) + 1);
    for (const link of links) {
      const [left, right] = sides(boxes, link);
      const hub = load.get(link.a) >= load.get(link.b) ? link.a : link.b;
      for (let i = left.col + 1; i < right.col; i++) {
        const want = middle(left) + ((middle(right) - middle(left)) * (i - left.col)) / (right.col - left.col);
        const gap = nearestGap(stacks[i], want, size);
        const list = slots[i].get(gap);
        const slot = list.find((other) => other.hub === hub) ?? (list.push({ hub, wants: [], users: new Set() }), list.at(-1));
        slot.wants.push(want);
        slot.users.add(link.key);
      }
    }
    return slots;
  }

  function sides(boxes, link) {
    const a = boxes.get(link.a), b = boxes.get(link.b);
    return a.col <= b.col ? [a, b] : [b, a];
  }

  function nearestGap(stack, want, size) {
    const edges = [stack[0].y - size.gap, ...stack.slice(1).map((box, k) => (stack[k].y + stack[k].h + box.y) / 2), stack.at(-1).y + stack.at(-1).h + size.gap];
    let best = 0;
    edges.forEach((y, gap) => {
      const far = gap === 0 ? Math.max(0, want - y) : gap === stack.length ? Math.max(0, y - want) : Math.abs(want - y);
      const least = best === 0 ? Math.max(0, want - edges[0]) : best === stack.length ? Math.max(0, edges[best] - want) : Math.abs(want - edges[best]);
      if (far < least) best = gap;
    });
    return best;
  }

  function seat(stacks, slots, size) {
    stacks.forEach((stack, i) => {
      for (const [gap, list] of slots[i]) {
        if (!list.length) continue;
        const want = (slot) => slot.wants.reduce((sum, y) => sum + y, 0) / slot.wants.length;
        list.sort((a, b) => want(a) - want(b));
        const low = gap === 0 ? -Infinity : stack[gap - 1].y + stack[gap - 1].h + size.slot * 1.2;
        const high = gap === stack.length ? Infinity : stack[gap].y - size.slot * 1.2;
        bounded(list.map(want), size.slot, low, high).forEach((y, k) => { list[k].y = y; });
      }
    });
  }

  function bounded(wanted, step, low, high) {
    const room = step * (wanted.length - 1);
    const from = low === -Infinity ? Math.min(...wanted, high) - room * 2 - 1e4 : low;
    const to = high === Infinity ? Math.max(...wanted, from) + room * 2 + 1e4 : high;
    return settle(wanted, wanted.map(() => step), from, to);
  }

  // Paths as cubics [x1, y1, c1x, c1y, c2x, c2y, x2, y2]; a straight run is a cubic too.
  function route(boxes, links, slots, size, heads) {
    const ways = links.map((link) => ({ link, ...waypoints(boxes, link, slots) }));
    const ports = portsOf(ways, size);
    return new Map(ways.map((way) => [way.link.key, way.same ? bracket(way, ports, size) : run(way, ports, heads)]));
  }

  function waypoints(boxes, link, slots) {
    const [left, right] = sides(boxes, link);
    const via = [];
    for (let i = left.col + 1; i < right.col; i++) {
      for (const list of slots[i].values()) for (const slot of list) if (slot.users.has(link.key)) via.push({ col: i, y: slot.y });
    }
    return { left, right, via, same: left.col === right.col };
  }

  function portsOf(ways, size) {
    const sidesOf = new Map();
    const add = (key, box, way, next) => {
      if (!sidesOf.has(key)) sidesOf.set(key, { box, ends: [] });
      sidesOf.get(key).ends.push({ key: way.link.key, next });
    };
    for (const way of ways) {
      const { left, right, via } = way;
      add("r" + left.id, left, way, via.length ? via[0].y : middle(right));
      add((way.same ? "r" : "l") + right.id, right, way, via.length ? via.at(-1).y : middle(left));
    }
    const ports = new Map();
    for (const [side, { box, ends }] of sidesOf) {
      ends.sort((a, b) => a.next - b.next);
      const step = ends.length > 1 ? Math.min(size.slot, (box.h - 20) / (ends.length - 1)) : 0;
      ends.forEach((end, k) => ports.set(side + "\n" + end.key, middle(box) + (k - (ends.length - 1) / 2) * step));
    }
    return ports;
  }

  function run({ link, left, right, via }, ports, heads) {
    const curve = (x1, y1, x2, y2) => [x1, y1, (x1 + x2) / 2, y1, (x1 + x2) / 2, y2, x2, y2];
    const path = [];
    let x = left.x + left.w, y = ports.get("r" + left.id + "\n" + link.key);
    for (const stop of via) {
      const { x: start, w } = heads[stop.col];
      path.push(curve(x, y, start, stop.y), curve(start, stop.y, start + w, stop.y));
      x = start + w;
      y = stop.y;
    }
    path.push(curve(x, y, right.x, ports.get("l" + right.id + "\n" + link.key)));
    return { cubics: path, first: left.id, last: right.id };
  }

  function bracket({ link, left, right }, ports, size) {
    const y1 = ports.get("r" + left.id + "\n" + link.key), y2 = ports.get("r" + right.id + "\n" + link.key);
    const x = left.x + left.w;
    const out = x + Math.min(size.margin - 2, size.gutter * 0.45) * 1.3;
    return { cubics: [[x, y1, out, y1, out, y2, x, y2]], first: left.id, last: right.id, same: true };
  }

  return { arrange, settle, wrap };
})();
