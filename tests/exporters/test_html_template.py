"""A page in somebody's own frame is as harmless as ours, or there is none."""

from __future__ import annotations

import pytest
from attrs import evolve

from osallisuus.errors import DefinitionError
from osallisuus.exporters.html import HtmlExporter
from osallisuus.exporters.html_check import dangers
from osallisuus.exporters.html_page import POLICY, Page
from osallisuus.exporters.html_template import TemplateExporter
from tests.exporters.strings import MARKUP
from tests.reports.sample import document, hostile

OURS = '{% extends "page.html" %}'


@pytest.mark.parametrize("internal", [False, True])
@pytest.mark.parametrize("locale", ["fi", "sv", "en"])
def test_our_page_as_a_template_is_the_built_in_page_byte_for_byte(locale, internal):
    sample = document(locale, internal=internal)
    one = evolve(sample, metadata={**sample.metadata, "pages": "one"})
    for report in (sample, one):
        assert TemplateExporter(OURS).render(report) == HtmlExporter().render(report)


@pytest.mark.parametrize("text", MARKUP)
def test_hostile_text_stays_text_in_a_template_too(text):
    own = OURS + "{% block header %}<h1>{{ title }}</h1>{% endblock %}"
    made = TemplateExporter(own).render(hostile(text)).decode()
    assert dangers(made, POLICY) == []


def test_a_block_can_be_put_in_the_place_of_ours():
    own = OURS + "{% block footer %}<footer><p>Meiltä</p></footer>{% endblock %}"
    made = TemplateExporter(own).render(document("fi")).decode()
    assert made.endswith("<footer><p>Meiltä</p></footer></body></html>\n")
    assert "osallisuus</p>" not in made


BAD = {
    "a script": "<script>1</script>",
    "a handler": "<p onclick='1'>x</p>",
    "a picture from elsewhere": "<img src='https://x.example/a.png'>",
    "a style from elsewhere": "<link rel=stylesheet href='x.css'>",
    "a style that fetches": "<style>p{background:url(//x.example)}</style>",
    "a style that imports": "<style>@im\\port '//x.example'</style>",
    "a frame": "<iframe srcdoc='x'></iframe>",
    "a form": "<form action='/'></form>",
    "another address": "<base href='//x.example'>",
    "a refresh": "<meta http-equiv=refresh content='0;//x.example'>",
    "a link that runs": "<a href=' java\nscript:1'>x</a>",
    "a drawing that runs": "<svg><set onbegin=1></svg>",
    "a drawing from elsewhere": "<svg><image href='//x.example'/></svg>",
    "a hidden element": "<svg><style><img src=x onerror=1></style></svg>",
    "a comment that ends early": "<!--><img src=x onerror=1>-->",
    "a stamp in a comment": "<!-- {{ stamp }}{{ main }} -->",
    "a declaration": "<![CDATA[<x>]]>",
    "an instruction": "<?x y?>",
    "an object": "<object data='x'></object>",
    **{
        f"a drawing with a {name} from elsewhere": f"<svg><g {name}='{value}'/></svg>"
        for name, value in (
            ("filter", "url(//x.example/f.svg#f)"),
            ("mask", "url( https://x.example/m.svg#m )"),
            ("fill", 'red URL("x.svg#p")'),
            ("clip-path", "u\\72l(//x.example#c)"),
            ("marker-end", "url(#a) url(//x.example#m)"),
            ("cursor", "image-set(x.png 1x)"),
        )
    },
}


@pytest.mark.parametrize("what", BAD)
def test_a_template_that_brings_what_runs_or_asks_is_refused(what):
    own = OURS + f"{{% block footer %}}{BAD[what]}{{% endblock %}}"
    with pytest.raises(DefinitionError, match=r"the page has .* @ own.html"):
        TemplateExporter(own, "own.html").render(document("fi"))


def test_a_template_may_have_links_and_pictures_of_its_own():
    good = (
        '<a href="https://x.example/url(1)" title="url(x)">x</a>'
        '<img alt="" src="data:image/png;base64,AA==">'
        '<svg><g fill="url(#a)" mask="url( \'#b\' )" filter="url(data:image/svg+xml;base64,AA)"></g></svg>'
    )
    own = OURS + f"{{% block footer %}}{good}{{% endblock %}}"
    assert good.encode() in TemplateExporter(own).render(document("fi"))


@pytest.mark.parametrize(
    ("own", "what"),
    [
        (OURS + "{% block main %}{% endblock %}", "lost its main"),
        (OURS + "{% block body %}{{ main }}{% endblock %}", "lost its stamp"),
        (OURS + "{% block head %}<title>x</title>{% endblock %}", "lost its head"),
        ("<!DOCTYPE html><title>x</title>{{ head }}{{ stamp }}{{ main }}", "before its policy"),
        *(
            (f"{first}{{{{ head }}}}<body>{{{{ stamp }}}}{{{{ main }}}}</body>", f"{what} before")
            for first, what in (
                ("x", "a text"),
                ("<!DOCTYPE html><html lang='fi'>Moi", "a text"),
                ("<!DOCTYPE html>&nbsp;", "a text"),
                ("<!DOCTYPE html>\u00a0", "a text"),
                ("\ufeff", "a text"),
                ("<!DOCTYPE html><!-- x -->", "a comment"),
                ("<!DOCTYPE html><html></br>", "an end of br"),
                ("<!DOCTYPE html><html></html>", "an end of html"),
            )
        ),
        ("<!DOCTYPE html [<!x>]>{{ head }}{{ stamp }}{{ main }}", "a declaration"),
    ],
)
def test_a_page_keeps_its_figures_its_stamp_and_its_policy(own, what):
    with pytest.raises(DefinitionError, match=what):
        TemplateExporter(own).render(document("fi", internal=True))


@pytest.mark.parametrize(
    "own",
    [
        "{{ nobody }}",
        "{{ main.__class__.__mro__ }}",
        "{% include 'other.html' %}",
        "{% block x %}",
        "{{ 1 / 0 }}",
        "{{ main.format.__globals__ }}",
        "{% for one in range(10 ** 9) %}{% endfor %}",
        "{{ 'x' * 99999999999999999 }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        OURS + "{% block footer %}{{ '\\ud800' }}{% endblock %}",
    ],
)
def test_a_fault_of_a_template_is_an_error_of_ours_that_names_the_file(own):
    with pytest.raises(DefinitionError, match=r"@ own.html"):
        TemplateExporter(own, "own.html").render(document("fi"))


def test_a_template_cannot_make_mark_up_of_a_text():
    own = OURS + "{% block footer %}{{ '<b>' }}{{ title }}{% endblock %}"
    assert b"&lt;b&gt;" in TemplateExporter(own).render(document("fi"))


def test_a_piece_of_the_page_can_be_overridden_without_a_template():
    class Ours(Page):
        def footer(self, body):
            super().footer(body)
            body[-1][-1].text = "<b>Meiltä</b>"

    class Exporter(HtmlExporter):
        page = Ours

    made = Exporter().render(document("fi")).decode()
    assert made.endswith("<footer><p>&lt;b&gt;Meiltä&lt;/b&gt;</p></footer></body></html>\n")


def body(inside):
    return f"{OURS}{{% block body %}}{inside}{{% endblock %}}"


SHOWN = "{{ stamp }}{{ main }}"
HIDDEN = {
    "a rule on our class": body("<style>.stamp{display:none}</style>" + SHOWN),
    "a rule on our element": body("<style>main{display:none}</style>" + SHOWN),
    "a rule on all": body("<style>*{color:#fff}</style>" + SHOWN),
    "a rule on a neighbour": body(
        "<style>.own ~ main{opacity:0}</style><p class='own'></p>" + SHOWN
    ),
    "a rule on what has us": body("<style>.own:has(main){opacity:0}</style>" + SHOWN),
    "a rule within a rule": body("<style>.own{& ~ *{opacity:0}}</style>" + SHOWN),
    "a rule for paper": body("<style>@media print{.stamp{display:none}}</style>" + SHOWN),
    "a rule after a remark": body("<style>/*{*/.stamp{opacity:0}</style>" + SHOWN),
    "a box of its own class": body(
        "<style>.own{display:none}</style><div class='own'>{{ stamp }}</div>{{ main }}"
    ),
    "something that covers it": body("<div style='position:fixed;inset:0'></div>" + SHOWN),
    "something that is drawn over it": body(
        "<style>.own{margin-bottom:-99rem}</style><div class='own'></div>" + SHOWN
    ),
    "something with a layer of its own": body(
        "<style>.own{display:flex}.own b{z-index:9}</style><p class='own'><b>x</b></p>" + SHOWN
    ),
    "our style where it does nothing": (
        "<!DOCTYPE html><html><svg>{{ head }}</svg><body>{{ stamp }}{{ main }}</body></html>"
    ),
    "a hidden box": body("<div hidden>{{ stamp }}</div>{{ main }}"),
    "a box that is not drawn": body("<div style='display:none'>{{ main }}</div>{{ stamp }}"),
    "a box that is passed over": body("<div inert>{{ main }}</div>{{ stamp }}"),
    "a folded box": body("<details>{{ main }}</details>{{ stamp }}"),
    "a drawing": body("<svg><defs>{{ stamp }}</defs></svg>{{ main }}"),
    "a sound": body("<audio>{{ stamp }}</audio>{{ main }}"),
    "a canvas": body("<canvas>{{ main }}</canvas>{{ stamp }}"),
    "a dialogue": body("<dialog>{{ stamp }}</dialog>{{ main }}"),
    "an attribute": body("<p title='{{ stamp }}'>x</p>{{ main }}"),
    "an attribute that is broken": body("<p a\"='>x</p>{{ stamp }}<p b='>{{ main }}"),
    "a title": body("<title>{{ stamp }}</title>{{ main }}"),
    "a comment without an end": body(SHOWN + "<!-- x"),
    "a comment before it": body("<!-- x " + SHOWN),
    "a letter that goes on": body("<p><b hidden>x</p>" + SHOWN),
    "a page within a page": body(SHOWN + "<body hidden></body>"),
    "a set of frames": body("<frameset></frameset>" + SHOWN),
    "a box that a slash does not end": body("<div hidden/>" + SHOWN),
}


@pytest.mark.parametrize("what", HIDDEN)
def test_a_template_cannot_hide_the_stamp_or_the_content(what):
    """Neither from eyes nor from paper nor from those who listen."""
    with pytest.raises(DefinitionError, match=r"the page has .* @ own.html"):
        TemplateExporter(HIDDEN[what], "own.html").render(document("fi", internal=True))


def test_a_template_may_put_them_into_boxes_and_give_rules_to_classes_of_its_own():
    good = (
        "<style>@media screen{.ours p,.ours:hover{color:#0b5c6e}}.ours > b{font-weight:400;margin:1rem 0}"
        "</style>"
        "<div class='ours' style='color:red'><p>Meiltä <b>x</b><br></p><svg><g/></svg></div>"
        "<div id='page'><section>{{ stamp }}</section><article>{{ main }}</article></div><!-- x -->"
    )
    made = TemplateExporter(body(good)).render(document("fi", internal=True))
    assert b"<section><aside" in made
