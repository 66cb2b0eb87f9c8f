"""Tables as cards on a phone: each cell has its label at its left, and all its parts beside the label."""

from playwright.sync_api import Page

from portal.embedded import CHECKOUT

STYLES = CHECKOUT / "portal" / "static" / "portal"
TABLE = """<main><div class="wrap"><table class="table table-cards"><tbody><tr>
<th scope="row"><a href="/">T-2026-000123</a></th>
<td data-label="Organisaatio">Kuusikon ammattiopisto <span class="muted small">9000011-8</span></td>
<td data-label="Luovutuspäivämäärä">23.11.2026 <span>klo 12</span> <span>ja sen jälkeen</span></td>
<td class="number" data-label="Hinta">1 234,50 €</td>
</tr></tbody></table></div></main>"""
LEFTS = """cells => cells.map(cell => {
  const range = document.createRange()
  return [...cell.childNodes].filter(node => node.textContent.trim()).map(node => {
    range.selectNodeContents(node)
    return Math.round(range.getBoundingClientRect().left)
  })
})"""


def styles() -> str:
    return "".join((STYLES / name).read_text() for name in ("tokens.css", "portal.css", "components.css"))


def test_every_part_of_a_cell_stands_beside_its_label_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.set_content(f"<style>{styles()}</style>{TABLE}")
    for lefts in page.locator("td").evaluate_all(LEFTS):
        assert len(set(lefts)) == 1, lefts
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
