"""The inference graph of a trace as Mermaid, as DOT for Graphviz, and as a drawing for a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from tactician.inference.inference_graph import InferenceGraph, Node, inference_graph
from tactician.inference.tracing import SegmentTrace, Trace
from tactician.presentation.page import one_line
from tactician.presentation.terminal import clean
from tactician.presentation.tracing.wording import element_words, title

PLAIN = re.compile(r"[^A-Za-z0-9 .,_=+\-æøåÆØÅäöüÄÖÜéè]")
MERMAID_SHAPES = {"element": '["{}"]', "rule": '(["{}"])', "record": '[["{}"]]'}
DOT_SHAPES = {"element": "box", "rule": "ellipse", "record": "box3d"}
WIDTH, HEIGHT, GAP, ROW = 210, 26, 70, 38
"""Pixels of the drawing: a node, the gap between columns, and a row."""
LETTERS = 32
"""Characters that fit into a node."""


def label(node: Node, trace: Trace) -> str:
    """What a node says."""
    if node.element is not None:
        return element_words(node.element)
    if node.activation is not None:
        return title(node.activation)
    return trace.consultation.rulebase.records[node.record].name


def mermaid(trace: Trace) -> str:
    """A flowchart for Mermaid, one subgraph for each segment; dotted edges speak against."""
    lines = ["flowchart LR"]
    for place, segment in enumerate(trace.segments, start=1):
        lines.append(f'  subgraph s{place}["{_mermaid(segment.name)}"]')
        graph = inference_graph(segment, trace)
        for node in graph.nodes:
            shape = MERMAID_SHAPES[node.kind].format(_mermaid(label(node, trace)))
            lines.append(f"    s{place}_{node.id}{shape}")
        for edge in graph.edges:
            arrow = "-.->|against|" if edge.against else "-->"
            lines.append(f"    s{place}_{edge.source} {arrow} s{place}_{edge.target}")
        lines.append("  end")
    return "\n".join(lines) + "\n"


def _mermaid(text: str) -> str:
    """Text in which only plain characters stand for themselves."""
    return PLAIN.sub(lambda found: f"#{ord(found[0])};", clean(one_line(text)))


def dot(trace: Trace) -> str:
    """A digraph for Graphviz, one cluster for each segment; dashed edges speak against."""
    lines = ["digraph trace {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    for place, segment in enumerate(trace.segments, start=1):
        lines += [f"  subgraph cluster_{place} {{", f"    label={_dot(segment.name)};"]
        graph = inference_graph(segment, trace)
        for node in graph.nodes:
            shape = DOT_SHAPES[node.kind]
            lines.append(f"    s{place}_{node.id} [shape={shape}, label={_dot(label(node, trace))}];")
        for edge in graph.edges:
            style = ' [style=dashed, label="against"]' if edge.against else ""
            lines.append(f"    s{place}_{edge.source} -> s{place}_{edge.target}{style};")
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


def _dot(text: str) -> str:
    quoted = clean(one_line(text)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def svg(segment: SegmentTrace, trace: Trace) -> tuple[str, int]:
    """The graph of a segment as inline SVG, and how many rules it leaves out; shapes, not colours, tell kinds."""
    graph = inference_graph(segment, trace)
    place = _places(graph)
    width = max((x for x, _ in place.values()), default=0) + WIDTH + 10
    height = max((y for _, y in place.values()), default=0) + HEIGHT + 10
    lines = [
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="Inference graph of segment {escape(clean(segment.name))}">'
    ]
    made = {node.id: node.cycle for node in graph.nodes}
    for edge in graph.edges:
        (x, y), (to_x, to_y) = place[edge.source], place[edge.target]
        start, end, bend = x + WIDTH, to_x, GAP // 2
        kind = "against" if edge.against else "for"
        from_cycle = max(made[edge.source], made[edge.target])
        lines.append(
            f'<path class="{kind}" data-made="{from_cycle}" d="M{start} {y + HEIGHT // 2}C{start + bend} '
            f'{y + HEIGHT // 2} {end - bend} {to_y + HEIGHT // 2} {end} {to_y + HEIGHT // 2}"/>'
        )
    lines += (_drawn(node, *place[node.id], label(node, trace)) for node in graph.nodes)
    return "\n".join([*lines, "</svg>"]), graph.left_out


def _drawn(node: Node, x: int, y: int, text: str) -> str:
    whole = clean(one_line(text))
    short = whole if len(whole) <= LETTERS else f"{whole[: LETTERS - 1]}…"
    radius = HEIGHT // 2 if node.kind == "rule" else 2
    return (
        f'<g class="{node.kind}" data-made="{node.cycle}"><title>{escape(whole)}</title>'
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="{radius}"/>'
        f'<text x="{x + WIDTH // 2}" y="{y + 17}">{escape(short)}</text></g>'
    )


def _places(graph: InferenceGraph) -> dict[str, tuple[int, int]]:
    """Where each node goes: its column, and in it near the middle of what leads to it."""
    places: dict[str, tuple[int, int]] = {}
    for column in range(1 + max((node.column for node in graph.nodes), default=0)):
        members = [node for node in graph.nodes if node.column == column]
        members.sort(key=lambda node: (_middle(node, graph, places), node.cycle, node.id))
        for row, node in enumerate(members):
            places[node.id] = 5 + column * (WIDTH + GAP), 5 + row * ROW
    return places


def _middle(node: Node, graph: InferenceGraph, places: dict[str, tuple[int, int]]) -> float:
    heights = list(_heights(node, graph, places))
    return sum(heights) / len(heights) if heights else 0.0


def _heights(node: Node, graph: InferenceGraph, places: dict[str, tuple[int, int]]) -> Iterator[int]:
    return (
        places[edge.source][1] for edge in graph.edges if edge.target == node.id and edge.source in places
    )
