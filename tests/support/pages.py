"""What holds for every HTML answer; the test client checks it without being asked."""

import re
from collections import Counter
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from html5lib.html5parser import ParseError

LABELLED = ("input", "select", "textarea")
UNLABELLED_TYPES = {"hidden", "submit", "button", "image", "reset"}
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "list", "form")
INLINE_TYPES = {"application/json", "application/ld+json"}


class Page:
    """A parsed HTML answer: `text`, `title`, `h1`, and elements by tag and attributes."""

    def __init__(self, html: str, *, is_fragment: bool = False):
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        try:
            parsed = parser.parseFragment(html) if is_fragment else parser.parse(html)
        except ParseError as error:
            line, column = parser.tokenizer.stream.position()
            near = "\n".join(html.splitlines()[max(0, line - 3) : line + 1])
            raise AssertionError(f"{error} at line {line}, column {column}:\n{near}") from None
        self.root: Element = parsed
        self.is_fragment = is_fragment
        self.elements = [node for node in parsed.iter() if isinstance(node.tag, str)]
        self.parents = {child: node for node in self.elements for child in node}

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of the tag whose attributes have these values (`class_` asks for one class)."""
        return [
            node
            for node in self.elements
            if node.tag == tag and all(_has(node, *pair) for pair in attributes.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements <{tag}> with {attributes}"
        return found[0]

    @property
    def text(self) -> str:
        """All text a person sees, with single spaces."""
        hidden = {"script", "style", "template", "title"}
        parts: list[str] = []

        def collect(node: Element) -> None:
            if not isinstance(node.tag, str) or node.tag not in hidden:
                if isinstance(node.tag, str):
                    parts.append(node.text or "")
                for child in node:
                    collect(child)
                    parts.append(child.tail or "")

        collect(self.root)
        return " ".join(" ".join(parts).split())

    @property
    def title(self) -> str:
        return text_of(self.one("title"))

    @property
    def h1(self) -> str:
        return text_of(self.one("h1"))

    def values(self) -> dict[str, str]:
        """What the page's forms would send as they stand: hidden, typed, chosen and ticked."""
        sent: dict[str, str] = {}
        for node in self.elements:
            name = node.get("name")
            if name is None:
                continue
            if node.tag == "input":
                is_choice = node.get("type") in {"checkbox", "radio"}
                if not is_choice or node.get("checked") is not None:
                    sent[name] = node.get("value", "on" if is_choice else "")
            elif node.tag == "textarea":
                sent[name] = node.text or ""
            elif node.tag == "select":
                options = list(node.iter("option"))
                chosen = [each for each in options if each.get("selected") is not None]
                for each in chosen or options[:1]:
                    sent[name] = each.get("value", text_of(each))
        return sent

    def problems(self) -> list[str]:
        """Everything that no page of ours may have."""
        found = [
            *self._repeated_ids(),
            *self._missing_labels(),
            *self._dangling_references(),
            *self._inline_code(),
            *self._foreign_sources(),
            *(
                f"<img> without alt: {node.attrib}"
                for node in self.all("img")
                if node.get("alt") is None
            ),
        ]
        return found if self.is_fragment else [*found, *self._frame()]

    def _frame(self) -> list[str]:
        headings = self.all("h1")
        if len(headings) != 1:
            return [f"{len(headings)} <h1> instead of one"]
        first = re.split(r" [·|–—] ", self.title)[0].strip()
        found = (
            [] if first == self.h1 else [f"title {self.title!r} does not begin with h1 {self.h1!r}"]
        )
        return found if self.one("html").get("lang") else [*found, "<html> without lang"]

    def _repeated_ids(self) -> list[str]:
        ids = Counter(node.get("id") for node in self.elements if node.get("id") is not None)
        return [f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1]

    def _missing_labels(self) -> list[str]:
        labelled = {node.get("for") for node in self.all("label")}
        return [
            f"<{node.tag}> without a label: {node.attrib}"
            for node in self.elements
            if node.tag in LABELLED
            and node.get("type") not in UNLABELLED_TYPES
            and not (
                node.get("id") in labelled or node.get("aria-label") or node.get("aria-labelledby")
            )
            and not self._is_inside(node, "label")
        ]

    def _is_inside(self, node: Element, tag: str) -> bool:
        while node in self.parents:
            node = self.parents[node]
            if node.tag == tag:
                return True
        return False

    def _dangling_references(self) -> list[str]:
        if self.is_fragment:
            return []
        ids = {node.get("id") for node in self.elements}
        return [
            f"<{node.tag} {name}={node.get(name)!r}> points to nothing"
            for node in self.elements
            for name in REFERENCES
            for target in (node.get(name) or "").split()
            if target not in ids
        ]

    def _inline_code(self) -> list[str]:
        found = []
        for node in self.elements:
            found += [
                f"<{node.tag} {name}>" for name in node.attrib if re.match(r"(style|on\w+)$", name)
            ]
            is_code = node.tag == "script" and node.get("src") is None
            if node.tag == "style" or (is_code and node.get("type") not in INLINE_TYPES):
                found.append(f"inline <{node.tag}>")
        return found

    def _foreign_sources(self) -> list[str]:
        loads = {"script": "src", "img": "src", "iframe": "src", "source": "src"}
        pairs = [
            (node, node.get(loads[node.tag], "")) for node in self.elements if node.tag in loads
        ]
        pairs += [
            (node, node.get("href", ""))
            for node in self.all("link")
            if node.get("rel") != "canonical"
        ]
        return [
            f"<{node.tag}> loads {address}" for node, address in pairs if urlsplit(address).netloc
        ]


def text_of(node: Element) -> str:
    """The element's own text with single spaces."""
    return " ".join("".join(node.itertext()).split())


def _has(node: Element, name: str, value: str) -> bool:
    if name == "class_":
        return value in node.get("class", "").split()
    return node.get(name.rstrip("_").replace("_", "-")) == value
