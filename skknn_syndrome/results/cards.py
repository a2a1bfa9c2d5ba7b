"""Cards of results in notebooks: small pieces of HTML that run nothing and ask for nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from skknn_syndrome.vocabulary import in_words
from skknn_syndrome.wording import one_line

LONGEST: Final = 400
"""Characters of a text on a card."""
MOST_CHECKS: Final = 6
"""Open checks that a card names; it counts the others."""

STYLE: Final = """
.skknn-card{--ink:#1b1f24;--dim:#57606a;--line:#d0d7de;--ground:#fff;--accent:#0b5cad;color:var(--ink);
background:var(--ground);border:1px solid var(--line);border-radius:6px;padding:.7em 1em;max-width:46em;
font:14px/1.45 system-ui,sans-serif;box-sizing:border-box;overflow-wrap:anywhere;text-align:left}
.skknn-card>p{margin:.2em 0 .5em}.skknn-card .skknn-name{font-weight:600;font-size:1.1em}
.skknn-card .skknn-kind,.skknn-card dt,.skknn-card caption{color:var(--dim)}
.skknn-card dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em .9em;margin:.4em 0}
.skknn-card dd,.skknn-card ul{margin:0}.skknn-card ul{padding-left:1.2em}
.skknn-card .skknn-wide{overflow-x:auto}
.skknn-card table{border-collapse:collapse;margin:.5em 0;color:inherit;font-size:1em;overflow-wrap:normal}
.skknn-card caption{text-align:left}.skknn-card th,.skknn-card td{padding:.15em .9em .15em 0;text-align:left;
vertical-align:top;border-bottom:1px solid var(--line);background:none;color:inherit}
.skknn-card code{color:var(--accent);background:none;font-size:.93em}
.skknn-card img{max-width:100%;height:auto;background:#fff}
@media(prefers-color-scheme:dark){.skknn-card{--ink:#e6edf3;--dim:#9da7b1;--line:#3d444d;--ground:#161b22;
--accent:#79b8ff}}
"""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a notebook shows of an object; all of it is text, and is escaped."""

    kind: str
    """What it is: "Study"."""
    name: str
    facts: Mapping[str, str] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """Of a small table, below `headings`."""
    caption: str = ""
    checks: Sequence[str] = ()
    """What there is to know before a score is believed, a line each."""
    calls: tuple[str, ...] = ()
    """What to call next, as Python."""

    def to_html(self) -> str:
        """Return it as HTML, with its style inside.

        Examples
        --------
        >>> html = Card(kind="Study", name="<script>").to_html()
        >>> "<script>" in html, "&lt;script&gt;" in html
        (False, True)
        """
        title = f'<p><span class="skknn-kind">{_text(self.kind)}</span> <span class="skknn-name">'
        parts = (
            f"{title}{_text(self.name)}</span></p>",
            *_facts(self.facts),
            *_table(self.headings, self.rows, self.caption),
            *_checks(self.checks),
            *_calls(self.calls),
        )
        return framed("".join(parts))


def framed(body: str) -> str:
    """Return HTML within the frame of a card."""
    return f'<div class="skknn-card"><style>{STYLE}</style>{body}</div>'


def _text(text: str) -> str:
    return escape(one_line(in_words(text), longest=LONGEST))


def _facts(facts: Mapping[str, str]) -> Iterable[str]:
    if facts:
        entries = (f"<dt>{_text(key)}</dt><dd>{_text(said)}</dd>" for key, said in facts.items())
        yield f"<dl>{''.join(entries)}</dl>"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> Iterable[str]:
    if rows:
        head = "".join(f'<th scope="col">{_text(heading)}</th>' for heading in headings)
        body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
        title = f"<caption>{_text(caption)}</caption>" if caption else ""
        yield f'<div class="skknn-wide" tabindex="0"><table>{title}<thead><tr>{head}</tr></thead>'
        yield f"<tbody>{body}</tbody></table></div>"


def _checks(checks: Sequence[str]) -> Iterable[str]:
    if checks:
        more = [f"and {len(checks) - MOST_CHECKS} more"] * (len(checks) > MOST_CHECKS)
        said = "".join(f"<li>{_text(line)}</li>" for line in [*checks[:MOST_CHECKS], *more])
        yield f"<p>Warnings</p><ul>{said}</ul>"


def _calls(calls: Sequence[str]) -> Iterable[str]:
    if calls:
        yield f"<p>Next: {', '.join(f'<code>{escape(call)}</code>' for call in calls)}</p>"
