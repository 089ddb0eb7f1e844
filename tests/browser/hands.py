"""Working a page with the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 250


def _button(page: Page, name: str) -> Locator:
    main = page.get_by_role("main")
    return main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).first


class Keyboard:
    """Never points: goes on with Tab until the focus is where it should be, then types, Space or Enter."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def fill(self, label: str, text: str) -> None:
        """Write into the field of that name, over what stands there."""
        self.reach(self.page.get_by_label(label).first)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def choose(self, label: str, group: str = "") -> None:
        """Tick a box, or take one of several choices; ``group`` says whose, where several groups have the same."""
        field = self.page.get_by_label(label).first
        if group:
            field = self.page.get_by_role("group", name=group).get_by_label(label, exact=True)
        if field.is_checked():
            return
        if field.get_attribute("type") == "radio":
            self._reach_group(field)
        else:
            self.reach(field)
            self.page.keyboard.press("Space")
        expect(field).to_be_checked()

    def press(self, name: str) -> None:
        """Press the button, or follow the link dressed as one, of that name in the page's own part."""
        self.reach(_button(self.page, name))
        self.page.keyboard.press("Enter")

    def reach(self, wanted: Locator) -> None:
        """Go on with Tab until something has the focus, and shows it."""
        wanted.wait_for(state="visible")
        for _ in range(MOST_TABS):
            if wanted.evaluate("each => each === document.activeElement"):
                self._sees_the_focus(wanted)
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached by the Tab key")

    def _reach_group(self, wanted: Locator) -> None:
        """Tab stops once at a group of choices; the arrow keys go through it."""
        name = wanted.get_attribute("name")
        for _ in range(MOST_TABS):
            if self.page.evaluate("name => document.activeElement?.name === name", name):
                break
            self.page.keyboard.press("Tab")
        for _ in range(20):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{wanted} is not reached by the arrow keys")

    def _sees_the_focus(self, where: Locator) -> None:
        """What has the focus is on the screen and says so."""
        outline = where.evaluate(
            "each => [each, each.closest('label'), each.parentElement].filter(Boolean).some(one => {"
            " const style = getComputedStyle(one); return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; })"
        )
        assert outline, f"nothing shows that {where} has the focus"
        expect(where).to_be_in_viewport()
