"""The slides keep every promise of a report exporter, and one section is one slide."""

from osallisuus.conformance import ReportExporterConformance
from osallisuus.reports.document import Document, Heading, Text

from osallisuus_slides import SlidesExporter


class TestSlides(ReportExporterConformance):
    def exporter(self):
        return SlidesExporter()


def slides(*blocks, internal=False):
    document = Document(title="Spring", locale="en", blocks=blocks, internal=internal)
    return SlidesExporter().render(document).decode().split("<section>")[1:]


def test_each_heading_of_level_one_begins_a_slide():
    """The title is the first; lower headings stay on the slide of their section."""
    made = slides(
        Text(("Welcome.",)),
        Heading(1, "Who came"),
        Heading(2, "By place"),
        Heading(1, "Who stayed"),
    )
    texts = ("Welcome.", "Who came", "By place", "Who stayed")
    assert [[text for text in texts if text in slide] for slide in made] == [
        [],
        ["Welcome."],
        ["Who came", "By place"],
        ["Who stayed"],
    ]


def test_every_slide_of_an_internal_report_is_stamped():
    """A slide may be shown or copied alone."""
    made = slides(Heading(1, "Who came"), Heading(1, "Who stayed"), internal=True)
    assert all("INTERNAL" in slide for slide in made)
    assert len(made) == 3


def test_nothing_is_fetched_and_nothing_runs():
    """The page is complete, so it can be shown where there is no network."""
    page = SlidesExporter().render(Document(title="a", locale="fi", blocks=())).decode()
    assert not [part for part in ("<script", "src=", "href=", "url(", "@import") if part in page]
