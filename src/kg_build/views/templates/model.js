"use strict";
// What there is and what of it is shown: cards, links between them, filters, a kept neighbourhood, piles of like leaves.
function kgModel(data) {
  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  const links = linkUp(data.edges);
  const state = { selected: null, link: null, hover: null, hoverLink: null, kept: null, noKind: new Set(), noRelation: new Set(), query: "", found: null, unfolded: new Set() };

  function linkUp(edges) {
    const found = new Map();
    edges.forEach((edge) => {
      if (edge.from === edge.to) return;
      const [a, b] = [edge.from, edge.to].sort();
      const key = a + "\n" + b;
      if (!found.has(key)) found.set(key, { key, a, b, edges: [] });
      found.get(key).edges.push(edge);
    });
    return [...found.values()];
  }
  const relation = (edge) => edge.label || edge.relation || "related to";
  const shownNode = (id) => !state.noKind.has(nodes.get(id).kind) && (!state.kept || state.kept.has(id));
  const shownEdges = (link) => (shownNode(link.a) && shownNode(link.b) ? link.edges.filter((edge) => !state.noRelation.has(relation(edge))) : []);
  const shownLinks = () => links.filter((link) => shownEdges(link).length);
  // In a large picture the like leaves of one card beyond the first few wait behind one card that says how many; a click brings them.
  const MANY = 60, FEW = 5;
  function drawn() {
    const all = data.nodes.filter((node) => shownNode(node.id)), lines = shownLinks();
    if (all.length <= MANY) return { cards: all, lines };
    const waiting = new Map(), piles = [];
    for (const [key, leaves] of leavesOf(all, lines)) {
      if (leaves.length <= FEW + 2 || state.unfolded.has(key)) continue;
      const rest = leaves.slice(FEW), last = rest.at(-1), id = "+" + key;
      const pile = { ...last, id, label: `${rest.length} more`, details: {}, sources: [], pile: rest.map((leaf) => leaf.id), key };
      nodes.set(id, pile);
      piles.push(pile);
      rest.forEach((leaf) => waiting.set(leaf.id, id));
    }
    const hub = (pile) => lines.find((link) => link.a === pile.pile[0] || link.b === pile.pile[0]);
    const strings = piles.map((pile) => ({ key: pile.id, a: other(hub(pile), pile.pile[0]), b: pile.id, edges: [] }));
    return {
      cards: [...all.filter((node) => !waiting.has(node.id)), ...piles],
      lines: [...lines.filter((link) => !waiting.has(link.a) && !waiting.has(link.b)), ...strings], waiting,
    };
  }
  function leavesOf(all, lines) {
    const near = new Map(all.map((node) => [node.id, []]));
    for (const { a, b } of lines) { near.get(a).push(b); near.get(b).push(a); }
    const groups = new Map();
    for (const node of all) {
      if (near.get(node.id).length !== 1 || node.focus) continue;
      const key = near.get(node.id)[0] + "\n" + node.kind;
      groups.set(key, [...(groups.get(key) ?? []), node]);
    }
    return groups;
  }
  const linksOf = (id) => shownLinks().filter((link) => link.a === id || link.b === id);
  const other = (link, id) => (link.a === id ? link.b : link.a);
  const title = (kind) => data.kinds[kind]?.title ?? kind;

  return { nodes, links, state, relation, shownNode, shownEdges, shownLinks, drawn, linksOf, other, title };
}
